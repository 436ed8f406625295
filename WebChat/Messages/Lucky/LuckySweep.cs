using WebChat.Shared;

namespace WebChat.Messages.Lucky;

/// <summary>
/// Gives back what nobody opened in time. Each return is one transaction that looks first, so nodes may sweep at the same time, and one
/// that was broken off is done at the next.
/// </summary>
internal sealed partial class LuckySweep(LuckyStore lucky, TimeProvider clock, ILogger<LuckySweep> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private const int Together = 200;

    /// <summary>Returns what is due now.</summary>
    public async Task SweepAsync()
    {
        foreach (var (room, seq) in await lucky.DueAsync(clock.Now(), Together))
            await lucky.ReturnAsync(room, seq, clock.Now());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await SweepAsync();
            }
            catch (Exception error)
            {
                Log.PutOff(logger, error); // the points stay where they are until the next time
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Lucky money that is due could not be returned now; it will be tried again in a minute")]
        public static partial void PutOff(ILogger logger, Exception error);
    }
}
