using WebChat.Live;

namespace WebChat.Accounts;

/// <summary>
/// Notes of tokens whose programs have a line open that they are in use: of all at this node together, now and then. That a line opened, its
/// handshake has noted.
/// </summary>
internal sealed partial class TokenUse(Connections connections, SessionStore sessions, TimeProvider clock, ILogger<TokenUse> logger) : BackgroundService
{
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(3);

    public Task NoteAsync() => sessions.TouchTokensAsync([.. connections.Programs.Select(p => p.Reader.SessionId).Distinct(StringComparer.Ordinal)]);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await NoteAsync();
            }
            catch (Exception error) // whatever it is, the node goes on, and notes it the next time
            {
                Log.NotNoted(logger, error);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Which tokens are in use could not be noted")]
        public static partial void NotNoted(ILogger logger, Exception error);
    }
}
