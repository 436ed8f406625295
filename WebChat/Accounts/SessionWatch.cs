using WebChat.Live;

namespace WebChat.Accounts;

/// <summary>
/// Ends sockets whose session has ended without this node being told: it ended while the socket opened, it grew too old, or it
/// was ended at another node and the word was lost.
/// </summary>
internal sealed partial class SessionWatch(Connections connections, SessionStore sessions, Nodes nodes, TimeProvider clock, ILogger<SessionWatch> logger) : BackgroundService
{
    private TimeSpan Pause => nodes.AreMany ? TimeSpan.FromSeconds(4) : TimeSpan.FromMinutes(1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Asked after the socket is among those that a sign-out closes: whichever comes second sees the other.
        connections.Added += connection => _ = CheckAsync([connection]);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await CheckAsync([.. connections.All]);
    }

    private async Task CheckAsync(IReadOnlyList<Connection> tabs)
    {
        try
        {
            var alive = await sessions.AliveAsync(tabs.Select(t => t.Reader.SessionId).Distinct(StringComparer.Ordinal));
            foreach (var tab in tabs.Where(t => !alive.Contains(t.Reader.SessionId)))
                tab.Close(CloseCode.SignIn, "sign in");
        }
        catch (Exception error) // whatever it is, the node goes on, and the next check makes up for it
        {
            Log.NotChecked(logger, tabs.Count, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Whether the sessions of {Sockets} sockets go on could not be checked")]
        public static partial void NotChecked(ILogger logger, int sockets, Exception error);
    }
}
