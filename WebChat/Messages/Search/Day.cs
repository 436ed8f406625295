using System.Globalization;

namespace WebChat.Messages.Search;

/// <summary>A day of UTC.</summary>
internal static class Day
{
    private const string Format = "yyyy-MM-dd";

    /// <summary>When a day begins, in UTC Unix milliseconds; null for what is no day, written like 2026-11-20.</summary>
    public static long? Start(string? day) =>
        DateTimeOffset.TryParseExact(day, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var start) ? start.ToUnixTimeMilliseconds() : null;

    /// <summary>When the one after it begins.</summary>
    public static long? End(string? day) => Start(day) + 86_400_000;
}
