using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Accounts;

/// <summary>The codes of several nodes, in Redis: asked for at one, used at another.</summary>
internal sealed class RedisCodes(Redis redis, TimeProvider clock) : Codes(clock)
{
    // KEYS: the code. ARGV: most tries. Counts a try, and gives salt, hash and whether it is good; nothing when there is none to try.
    private const string Try =
        """
        local kept = redis.call('HMGET', KEYS[1], 'salt', 'hash', 'good', 'tries', 'used')
        if not kept[1] or kept[5] or tonumber(kept[4]) >= tonumber(ARGV[1]) then return {} end
        redis.call('HINCRBY', KEYS[1], 'tries', 1)
        return { kept[1], kept[2], kept[3] }
        """;

    public override async Task<TimeSpan> WaitAsync(string mailbox, string purpose, string flow)
    {
        try
        {
            var at = await redis.AskAsync(data => data.HashGetAsync(Key(mailbox, purpose, flow), "at"));
            var wait = at.IsNull ? TimeSpan.Zero : DateTimeOffset.FromUnixTimeMilliseconds((long)at) + Pause - Clock.GetUtcNow();
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
        catch (Exception error) when (Redis.IsAway(error))
        {
            return TimeSpan.Zero;
        }
    }

    public override async Task<string?> MakeAsync(string mailbox, string purpose, string flow, bool isGood)
    {
        var code = NewCode();
        var salt = RandomNumberGenerator.GetBytes(16);
        var key = Key(mailbox, purpose, flow);
        try
        {
            var isKept = await redis.AskAsync(data =>
            {
                var anew = data.CreateTransaction();
                _ = anew.KeyDeleteAsync(key);
                _ = anew.HashSetAsync(key, [new("salt", salt), new("hash", Hash(salt, code)), new("good", isGood ? 1 : 0), new("tries", 0), new("at", Clock.Now())]);
                _ = anew.KeyExpireAsync(key, GoodFor);
                return anew.ExecuteAsync();
            });
            return isKept ? code : null;
        }
        catch (Exception error) when (Redis.IsAway(error))
        {
            return null;
        }
    }

    public override async Task<bool?> TryUseAsync(string mailbox, string purpose, string flow, string code)
    {
        var key = Key(mailbox, purpose, flow);
        try
        {
            var kept = (RedisValue[])await redis.AskAsync(data => data.ScriptEvaluateAsync(Try, [key], [Tries]));
            var isRight = kept is [var salt, var hash, var good] && CryptographicOperations.FixedTimeEquals(Hash((byte[])salt!, code), (byte[])hash!) && good == 1;
            return isRight && await redis.AskAsync(data => data.HashSetAsync(key, "used", 1, When.NotExists)); // of two at once one is first
        }
        catch (Exception error) when (Redis.IsAway(error))
        {
            return null;
        }
    }

    /// <summary>Addresses do not stand in Redis as they are.</summary>
    private static RedisKey Key(string mailbox, string purpose, string flow) =>
        $"code:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}\n{flow}\n{mailbox}")))}";
}
