using WebChat.Accounts;
using WebChat.Accounts.Announcements;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Admin.Settings;

/// <summary>
/// Brings what administrators decide into force at this node: when it starts, when it is changed here, when another node says so, and every few
/// seconds, in case that was lost.
/// </summary>
internal sealed partial class SettingsWatch(SettingsStore store, StoredSettings settings, Site site, Board board, Nodes nodes, TimeProvider clock, ILogger<SettingsWatch> logger) : BackgroundService
{
    private const string Channel = "settings";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>Something was changed here: it holds when this ends, and a moment later at every other node.</summary>
    public async Task ChangedAsync()
    {
        nodes.Say(Channel, default);
        await ReadAsync();
    }

    /// <summary>Nobody is answered before it is known what is in force.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync();
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        gate.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await nodes.ListenAsync(Channel, words => _ = TryReadAsync());
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TryReadAsync();
    }

    /// <summary>One after the other: what was read first must not come into force last.</summary>
    private async Task ReadAsync()
    {
        await gate.WaitAsync();
        try
        {
            settings.Put(await store.ReadAsync());
            await site.RefreshAsync();
            await board.RefreshAsync();
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task TryReadAsync()
    {
        try
        {
            await ReadAsync();
        }
        catch (Exception error) // whatever it is, the node goes on with what it knows
        {
            Log.NotRead(logger, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "What administrators have set could not be read now; it will be in a few seconds")]
        public static partial void NotRead(ILogger logger, Exception error);
    }
}
