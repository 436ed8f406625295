using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;
using WebChat.Storage;

namespace WebChat.Shared;

/// <summary>The counts of several nodes together, in Redis. While it is away each node counts for itself.</summary>
internal sealed class RedisRateLimits(Redis redis, TimeProvider clock) : RateLimits(clock)
{
    // The window slides as in the base class. KEYS: the counter. ARGV: now, window, most. 0 when taken, else milliseconds to wait.
    private const string Take =
        """
        local now, window, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local kept = redis.call('HMGET', KEYS[1], 'start', 'current', 'last')
        local start, current, last = tonumber(kept[1]) or now, tonumber(kept[2]) or 0, tonumber(kept[3]) or 0
        local windows = math.floor((now - start) / window)
        if windows >= 1 then
            last = windows == 1 and current or 0
            current = 0
            start = windows == 1 and start + window or now
        end
        if current + last * (1 - (now - start) / window) + 1 > most then
            return math.ceil(math.max(1000, start + window - now))
        end
        redis.call('HMSET', KEYS[1], 'start', start, 'current', current + 1, 'last', last)
        redis.call('PEXPIRE', KEYS[1], 2 * window)
        return 0
        """;

    public override async ValueTask<TimeSpan?> TakeAsync(string kind, string who, int most, TimeSpan window)
    {
        if (most <= 0)
            return null;
        try
        {
            var wait = (long)await redis.AskAsync(data => data.ScriptEvaluateAsync(Take, [Key(kind, who)], [Clock.Now(), (long)window.TotalMilliseconds, most]));
            return wait == 0 ? null : TimeSpan.FromMilliseconds(wait);
        }
        catch (Exception error) when (Redis.IsAway(error))
        {
            return await base.TakeAsync(kind, who, most, window);
        }
    }

    /// <summary>Addresses, of mail too, do not stand in Redis as they are.</summary>
    private static RedisKey Key(string kind, string who) => $"rate:{kind}:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(who)).AsSpan(0, 16))}";
}
