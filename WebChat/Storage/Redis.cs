using StackExchange.Redis;
using StackExchange.Redis.KeyspaceIsolation;

namespace WebChat.Storage;

/// <summary>
/// The line to Redis, which several nodes share for what is quick and may be lost: words between nodes, counters, codes, presence.
/// It comes back by itself; while it is away everything here says so at once. One that is there and says nothing is waited for once,
/// for <see cref="Patience"/>, and then counts as away too.
/// </summary>
internal sealed partial class Redis : IDisposable
{
    /// <summary>How long an answer is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>How long nobody asks after an answer that did not come. Then one asks, and all others when that one was answered.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    private readonly ConnectionMultiplexer multiplexer;
    private readonly IDatabase data;
    private readonly TimeProvider clock;
    private long silentUntil;

    public Redis(StorageOptions options, TimeProvider clock, ILogger<Redis> logger)
    {
        this.clock = clock;
        var configuration = ConfigurationOptions.Parse(options.Redis!);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectRetry = 1;
        configuration.ConnectTimeout = 2_000;
        configuration.SyncTimeout = 2_000;
        configuration.ResponseTimeout = 2_000;
        configuration.KeepAlive = 5;
        configuration.ReconnectRetryPolicy = new LinearRetry(500);
        var prefix = $"{options.RedisPrefix}:";
        configuration.ChannelPrefix = new RedisChannel(prefix, RedisChannel.PatternMode.Literal);
        multiplexer = ConnectionMultiplexer.Connect(configuration);
        data = multiplexer.GetDatabase().WithKeyPrefix(prefix);
        multiplexer.PreserveAsyncOrder = true;
        multiplexer.ConnectionFailed += (_, _) => Log.Away(logger);
        multiplexer.ConnectionRestored += (_, _) => Log.Back(logger);
    }

    /// <summary>For words between nodes, which are said without waiting for an answer.</summary>
    public ISubscriber Words => multiplexer.GetSubscriber();

    /// <summary>Asks Redis something: the one way to do so, since its client waits for an answer for ever.</summary>
    /// <exception cref="TimeoutException">It does not answer, or did not a moment ago. It may have done what it was asked.</exception>
    public async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        var until = Volatile.Read(ref silentUntil);
        if (until != 0 && (clock.GetTimestamp() < until || Interlocked.CompareExchange(ref silentUntil, SilentFromNow(), until) != until))
            throw new TimeoutException("Redis did not answer a moment ago.");
        try
        {
            var answer = await ask(data).WaitAsync(Patience, clock);
            if (until != 0)
                Volatile.Write(ref silentUntil, 0);
            return answer;
        }
        catch (TimeoutException)
        {
            Volatile.Write(ref silentUntil, SilentFromNow());
            throw;
        }
    }

    private long SilentFromNow() => clock.GetTimestamp() + (long)(Silence.TotalSeconds * clock.TimestampFrequency);

    /// <summary>True for what Redis throws while it is away or slow.</summary>
    public static bool IsAway(Exception error) => error is RedisException or TimeoutException or ObjectDisposedException or TaskCanceledException;

    public void Dispose() => multiplexer.Dispose();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is away; this node goes on by itself")]
        public static partial void Away(ILogger logger);

        [LoggerMessage(Level = LogLevel.Information, Message = "Redis is back")]
        public static partial void Back(ILogger logger);
    }
}
