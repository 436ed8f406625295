namespace WebChat.Storage;

/// <summary>The database went away while it committed: the change may be stored or not. Answered with 500, never with 503.</summary>
internal sealed class StorageUncertainException(Exception cause) : Exception("The database did not say whether it committed.", cause);
