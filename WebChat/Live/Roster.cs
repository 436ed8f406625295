using System.Collections.Immutable;
using System.Globalization;
using StackExchange.Redis;
using WebChat.Storage;

namespace WebChat.Live;

/// <summary>Who is online at other nodes. One process alone knows everybody itself.</summary>
internal class Roster
{
    /// <summary>Users with a socket at another node, as far as this one has heard.</summary>
    public virtual IReadOnlyCollection<long> Elsewhere => [];

    public virtual bool IsElsewhere(long userId) => false;

    /// <summary>A user's first socket opened here.</summary>
    /// <returns>True when they had none anywhere.</returns>
    public virtual Task<bool> ArriveAsync(long userId) => Task.FromResult(true);

    /// <summary>A user's last socket closed here.</summary>
    /// <returns>True when they have none anywhere.</returns>
    public virtual Task<bool> LeaveAsync(long userId) => Task.FromResult(true);
}

/// <summary>
/// The roster of several nodes, in Redis: per user the nodes they are at, each with the moment until which that is believed. A node
/// says again what it has every <see cref="Beat"/>; of one that died the others clear away what it does not say any more.
/// </summary>
internal sealed class RedisRoster : Roster
{
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Believed = TimeSpan.FromSeconds(30);

    private const string Everybody = "online";

    /// <summary>Users said in one go: what goes together must be answered within <see cref="Redis.Patience"/>.</summary>
    private const int BeatSize = 500;

    // KEYS: the user's nodes, everybody. ARGV: node, user, now, until. 1 when the user was nowhere.
    private const string Arrive =
        """
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
        local first = redis.call('ZCARD', KEYS[1]) == 0
        redis.call('ZADD', KEYS[1], ARGV[4], ARGV[1])
        redis.call('PEXPIREAT', KEYS[1], ARGV[4])
        redis.call('ZADD', KEYS[2], ARGV[4], ARGV[2])
        return first and 1 or 0
        """;

    // KEYS and ARGV as above. 1 when the user is nowhere now.
    private const string Depart =
        """
        redis.call('ZREM', KEYS[1], ARGV[1])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
        if redis.call('ZCARD', KEYS[1]) > 0 then return 0 end
        redis.call('ZREM', KEYS[2], ARGV[2])
        return 1
        """;

    private readonly Redis redis;
    private readonly Relay relay;
    private readonly TimeProvider clock;
    private ImmutableHashSet<long> elsewhere = [];

    public RedisRoster(Redis redis, Relay relay, TimeProvider clock)
    {
        this.redis = redis;
        this.relay = relay;
        this.clock = clock;
        relay.Heard += word =>
        {
            if (word.Kind is WordKind.CameOnline or WordKind.WentOffline)
                Note(word.User, word.Kind == WordKind.CameOnline);
        };
    }

    public override IReadOnlyCollection<long> Elsewhere => elsewhere;

    public override bool IsElsewhere(long userId) => elsewhere.Contains(userId);

    public override async Task<bool> ArriveAsync(long userId)
    {
        relay.Tell(new Word { Kind = WordKind.CameOnline, User = userId });
        return await RunAsync(Arrive, userId) ?? !IsElsewhere(userId);
    }

    public override async Task<bool> LeaveAsync(long userId)
    {
        var isGone = await RunAsync(Depart, userId) ?? !IsElsewhere(userId);
        Note(userId, !isGone);
        if (isGone)
            relay.Tell(new Word { Kind = WordKind.WentOffline, User = userId });
        return isGone;
    }

    /// <summary>Says again who is here, and learns who is elsewhere.</summary>
    /// <returns>Users of nodes that died: nobody else has said that they went.</returns>
    public async Task<IReadOnlyList<long>> BeatAsync(IReadOnlyCollection<long> here)
    {
        var gone = new List<long>();
        try
        {
            var now = Now;
            var until = now + Believed.TotalMilliseconds;
            foreach (var some in here.Chunk(BeatSize))
                await redis.AskAsync(data => SayAsync(data, some, until));
            var all = await redis.AskAsync(data => data.SortedSetRangeByScoreAsync(Everybody, now, double.PositiveInfinity));
            var dead = await redis.AskAsync(data => data.SortedSetRangeByScoreAsync(Everybody, double.NegativeInfinity, now, Exclude.Stop));
            if (all.Concat(dead).Where(v => !v.TryParse(out long _)).ToArray() is { Length: > 0 } nobody)
                await redis.AskAsync(data => data.SortedSetRemoveAsync(Everybody, nobody)); // whoever put it there, it is no user
            elsewhere = [.. Users(all).Except(here)];
            foreach (var userId in Users(dead))
            {
                // Whoever removes it is the one to say so.
                if (await redis.AskAsync(data => data.SortedSetRemoveAsync(Everybody, userId)))
                    gone.Add(userId);
            }
        }
        catch (Exception error) when (Redis.IsAway(error))
        {
            // The next beat goes on from here.
        }
        return gone;
    }

    private static IEnumerable<long> Users(IEnumerable<RedisValue> members) => members.Where(v => v.TryParse(out long _)).Select(v => (long)v);

    private async Task<bool> SayAsync(IDatabase data, IEnumerable<long> here, double until)
    {
        var batch = data.CreateBatch();
        var said = new List<Task>();
        foreach (var userId in here)
        {
            said.Add(batch.SortedSetAddAsync(KeyOf(userId), relay.Me, until));
            said.Add(batch.KeyExpireAsync(KeyOf(userId), Believed));
            said.Add(batch.SortedSetAddAsync(Everybody, userId, until));
        }
        batch.Execute();
        await Task.WhenAll(said);
        return true;
    }

    private void Note(long userId, bool isThere) =>
        ImmutableInterlocked.Update(ref elsewhere, static (set, change) => change.isThere ? set.Add(change.userId) : set.Remove(change.userId), (userId, isThere));

    private async Task<bool?> RunAsync(string script, long userId)
    {
        try
        {
            var now = Now;
            return (int)await redis.AskAsync(data => data.ScriptEvaluateAsync(script, [KeyOf(userId), Everybody], [relay.Me, userId, now, now + (long)Believed.TotalMilliseconds])) == 1;
        }
        catch (Exception error) when (Redis.IsAway(error))
        {
            return null;
        }
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static RedisKey KeyOf(long userId) => $"online:{userId.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>Keeps the roster fresh.</summary>
internal sealed partial class RosterKeeper(RedisRoster roster, Connections connections, TimeProvider clock, ILogger<RosterKeeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RedisRoster.Beat, clock);
        do
        {
            try
            {
                foreach (var userId in await roster.BeatAsync(connections.OnlineHere))
                    connections.SaySomebodyLeft(userId);
            }
            catch (Exception error) // whatever it is, the node goes on, and the next beat says it again
            {
                Log.NotKept(logger, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Who is online could not be said to the other nodes")]
        public static partial void NotKept(ILogger logger, Exception error);
    }
}
