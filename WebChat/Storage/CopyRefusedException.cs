namespace WebChat.Storage;

/// <summary>Why nothing was copied, in words for the person who runs the command.</summary>
internal sealed class CopyRefusedException(string message, Exception? cause = null) : Exception(message, cause);
