using System.Diagnostics;
using StackExchange.Redis;

namespace WebChat.Tests.Servers;

/// <summary>A real Redis that keeps nothing on disk, on a loopback port of its own.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly int port = Ports.Free();
    private Process? process;

    private RedisServer()
    {
    }

    /// <summary>As the setting wants it.</summary>
    public string Address => $"127.0.0.1:{port}";

    public static async Task<RedisServer> StartNewAsync()
    {
        var server = new RedisServer();
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        process = Command.Start(Command.Find("redis-server"), "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", "/tmp");
        Command.EndWithThisRun(process);
        await AskAsync(static database => database.PingAsync());
    }

    /// <summary>Stops it, and forgets what it had.</summary>
    public async Task StopAsync()
    {
        if (process is not { HasExited: false })
            return;
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>It is there, takes what it is told, and answers nothing.</summary>
    public Task HangAsync() => Command.RunAsync("kill", "-STOP", $"{process!.Id}");

    /// <summary>It goes on where it hung.</summary>
    public Task GoOnAsync() => Command.RunAsync("kill", "-CONT", $"{process!.Id}");

    /// <summary>Forgets everything, and goes on.</summary>
    public Task FlushAsync() => AskAsync(static database => database.ExecuteAsync("FLUSHALL"));

    /// <summary>How many nodes listen to what is said in a room.</summary>
    public async Task<long> ListenersAsync(long room)
    {
        var count = 0L;
        await AskAsync(async database => count = (long)((RedisResult[])(await database.ExecuteAsync("PUBSUB", "NUMSUB", $"webchat:room:{room}"))!)[1]);
        return count;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task AskAsync(Func<IDatabase, Task> ask)
    {
        var options = ConfigurationOptions.Parse(Address);
        options.AbortOnConnectFail = false;
        options.AllowAdmin = true;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var line = await ConnectionMultiplexer.ConnectAsync(options);
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                await ask(line.GetDatabase());
                return;
            }
            catch (Exception error) when (error is RedisException or TimeoutException)
            {
                await Task.Delay(20, limit.Token); // not yet: asked again until it answers, or the limit ends it
            }
        }
    }
}
