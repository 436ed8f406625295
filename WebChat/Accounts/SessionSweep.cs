namespace WebChat.Accounts;

/// <summary>Once a day removes sessions that are over: of those who never come back nobody else does.</summary>
internal sealed partial class SessionSweep(SessionStore sessions, TimeProvider clock, ILogger<SessionSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await sessions.SweepAsync();
            }
            catch (Exception error) // whatever it is, the node goes on
            {
                Log.PutOff(logger, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Sessions that are over could not be removed now; they will be in a day")]
        public static partial void PutOff(ILogger logger, Exception error);
    }
}
