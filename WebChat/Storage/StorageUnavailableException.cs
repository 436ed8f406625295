namespace WebChat.Storage;

/// <summary>What holds the data could not do it now, and nothing was stored. Answered with 503 and Retry-After.</summary>
internal sealed class StorageUnavailableException : Exception
{
    public StorageUnavailableException(string message) : base(message)
    {
    }

    public StorageUnavailableException(Exception cause) : base("What holds the data is not available.", cause)
    {
    }
}
