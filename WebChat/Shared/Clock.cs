namespace WebChat.Shared;

internal static class Clock
{
    /// <summary>UTC Unix milliseconds: how every time is stored.</summary>
    public static long Now(this TimeProvider clock) => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
