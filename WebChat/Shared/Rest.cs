namespace WebChat.Shared;

/// <summary>
/// Gives memory back to the system when nobody has needed any for a while: an idle installation should weigh little, and a busy
/// one should not wait for it.
/// </summary>
internal sealed class Rest(TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Allocating less than this in <see cref="Pause"/> is idleness: ticks, checks and an open page do that.</summary>
    private const long Little = 4 << 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        var before = 0L;
        var wasBusy = true; // starting up is work
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = GC.GetTotalAllocatedBytes();
            var isBusy = now - before > Little;
            if (wasBusy && !isBusy)
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            (before, wasBusy) = (now, isBusy);
        }
    }
}
