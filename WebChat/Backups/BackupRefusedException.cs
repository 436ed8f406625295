namespace WebChat.Backups;

/// <summary>Why there is no backup, or nothing was restored, in words for the person who runs the command.</summary>
internal sealed class BackupRefusedException(string message, Exception? cause = null) : Exception(message, cause);
