using StackExchange.Redis;

namespace WebChat.Storage;

/// <summary>
/// The line to Redis, which several nodes share for what is quick and may be lost: words between nodes, counters, codes, presence.
/// It comes back by itself; while it is away everything here says so at once, and nobody waits.
/// </summary>
internal sealed partial class Redis : IDisposable
{
    private readonly ConnectionMultiplexer multiplexer;

    public Redis(StorageOptions options, ILogger<Redis> logger)
    {
        var configuration = ConfigurationOptions.Parse(options.Redis!);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectRetry = 1;
        configuration.ConnectTimeout = 2_000;
        configuration.SyncTimeout = 2_000;
        configuration.ResponseTimeout = 2_000;
        configuration.KeepAlive = 5;
        configuration.ReconnectRetryPolicy = new LinearRetry(500);
        multiplexer = ConnectionMultiplexer.Connect(configuration);
        multiplexer.PreserveAsyncOrder = true;
        multiplexer.ConnectionFailed += (_, _) => Log.Away(logger);
        multiplexer.ConnectionRestored += (_, _) =>
        {
            Log.Back(logger);
            Returned?.Invoke();
        };
    }

    /// <summary>The line was lost and is there again: what was said meanwhile was not heard.</summary>
    public event Action? Returned;

    public IDatabase Data => multiplexer.GetDatabase();

    public ISubscriber Words => multiplexer.GetSubscriber();

    public bool IsHere => multiplexer.IsConnected;

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
