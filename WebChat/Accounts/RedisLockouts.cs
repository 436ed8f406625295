using System.Security.Cryptography;
using System.Text;
using WebChat.Storage;

namespace WebChat.Accounts;

/// <summary>The failed sign-ins of several nodes together, in Redis. While it is away each node counts for itself.</summary>
internal sealed class RedisLockouts(Redis redis, TimeProvider clock) : Lockouts(clock)
{
    // KEYS: the pair's failures. ARGV: most, milliseconds. 1 when one more may be tried.
    private const string Begin =
        """
        if tonumber(redis.call('GET', KEYS[1]) or '0') >= tonumber(ARGV[1]) then return 0 end
        redis.call('INCR', KEYS[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 1
        """;

    public override async Task<bool> TryBeginAsync(string account, string from)
    {
        try
        {
            return (int)await redis.AskAsync(data => data.ScriptEvaluateAsync(Begin, [Key(account, from)], [MostFailures, (long)For.TotalMilliseconds])) == 1;
        }
        catch (Exception error) when (Redis.IsAway(error))
        {
            return await base.TryBeginAsync(account, from);
        }
    }

    public override async Task SucceededAsync(string account, string from)
    {
        await base.SucceededAsync(account, from);
        try
        {
            await redis.AskAsync(data => data.KeyDeleteAsync(Key(account, from)));
        }
        catch (Exception error) when (Redis.IsAway(error))
        {
            // It is forgotten by itself.
        }
    }

    /// <summary>Neither accounts nor addresses stand in Redis as they are.</summary>
    private static string Key(string account, string from) => $"failed:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{account}\n{from}")))}";
}
