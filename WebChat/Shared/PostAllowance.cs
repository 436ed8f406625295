using System.Globalization;
using Microsoft.Extensions.Options;

namespace WebChat.Shared;

/// <summary>How much one may write into rooms: messages, and the notes of what one did there.</summary>
internal sealed class PostAllowance(IOptionsMonitor<Limits> limits, RateLimits rates)
{
    /// <returns>Null, or when it is one too many, after how long to try again.</returns>
    public ValueTask<TimeSpan?> TakeAsync(long userId) => TakeAsync(userId.ToString(CultureInfo.InvariantCulture));

    /// <summary>The same for all bots of a room together: they are no way to write more.</summary>
    public ValueTask<TimeSpan?> TakeForBotsAsync(long room) => TakeAsync(string.Create(CultureInfo.InvariantCulture, $"bots of {room}"));

    private async ValueTask<TimeSpan?> TakeAsync(string who)
    {
        return await rates.TakeAsync("post-second", who, limits.CurrentValue.PostsPerSecond, TimeSpan.FromSeconds(1)) ??
            await rates.TakeAsync("post-minute", who, limits.CurrentValue.PostsPerMinute, TimeSpan.FromMinutes(1));
    }
}
