using System.Security.Cryptography;

namespace WebChat.Messages.Lucky;

/// <summary>How large the next share is.</summary>
internal static class LuckyShares
{
    /// <summary>As much as everybody gets.</summary>
    public static int Equal(int left, int shares) => left / shares;

    /// <summary>
    /// From 1 to almost twice the mean of what is left, each as likely, so that coming early or late is the same on average; the last
    /// gets the rest. There is always a point for each of those who come after.
    /// </summary>
    /// <param name="left">Points, at least one for each share.</param>
    /// <param name="shares">How many still share them, this one included.</param>
    public static int Random(int left, int shares) => shares == 1 ? left : RandomNumberGenerator.GetInt32(1, Math.Max(2, (int)(2L * left / shares)));
}
