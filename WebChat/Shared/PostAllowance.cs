using System.Globalization;

namespace WebChat.Shared;

/// <summary>How much one may write into rooms: messages, and the notes of what one did there.</summary>
internal sealed class PostAllowance(Limits limits, RateLimits rates)
{
    /// <returns>False when it is one too many, and after how long to try again.</returns>
    public bool TryTake(long userId, out TimeSpan wait)
    {
        var who = userId.ToString(CultureInfo.InvariantCulture);
        return rates.TryTake("post-second", who, limits.PostsPerSecond, TimeSpan.FromSeconds(1), out wait) &&
            rates.TryTake("post-minute", who, limits.PostsPerMinute, TimeSpan.FromMinutes(1), out wait);
    }
}
