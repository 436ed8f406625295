using WebChat.Accounts.Leaving;
using WebChat.Shared;

namespace WebChat.Messages.Leaving;

/// <summary>
/// Takes back what somebody wrote who left and wanted nothing to stay: a few messages at a time, each few in one transaction with how far it has
/// come, and a pause as long as that took, so that nobody waits for it. Broken off it goes on where it was, at any node.
/// </summary>
internal sealed partial class Removals(ChangeStore changes, LeavingUsers leaving, TimeProvider clock, ILogger<Removals> logger) : BackgroundService
{
    private const int Together = 5; // others write between them

    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly AsyncAutoResetEvent woken = new();

    public override void Dispose()
    {
        woken.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        leaving.Removing += Wake;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                for (var start = clock.GetTimestamp(); await changes.TakeBackSomeAsync(Together, clock.Now()); start = clock.GetTimestamp())
                    await Task.Delay(clock.GetElapsedTime(start), clock, stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException) // whatever it is, the node goes on
            {
                Log.PutOff(logger, error);
            }
            await woken.WaitAsync(LookEvery, stoppingToken);
        }
    }

    private void Wake() => woken.Set();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "What somebody wrote who left could not be taken back now; it will be in a minute")]
        public static partial void PutOff(ILogger logger, Exception error);
    }
}
