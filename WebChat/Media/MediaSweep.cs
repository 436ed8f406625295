namespace WebChat.Media;

/// <summary>
/// Removes files that no message carries: of uploads that were abandoned, of messages that were recalled, and of rooms that were closed.
/// None that is younger than an hour: its message may be on its way, at any node. Nodes may sweep at the same time.
/// </summary>
internal sealed partial class MediaSweep(MediaStore store, IMediaFiles files, TimeProvider clock, ILogger<MediaSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly TimeSpan Young = TimeSpan.FromHours(1);

    private const int Together = 500;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await files.StartAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Looks through all files once.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        var before = clock.GetUtcNow() - Young;
        await foreach (var some in files.ListAsync(cancel).Where(f => f.Stored < before).Select(f => f.Name).Chunk(Together).WithCancellation(cancel))
        {
            var known = await store.KnownAsync(some.Select(Uploads.IdOf).Distinct(StringComparer.Ordinal));
            foreach (var name in some.Where(n => !known.Contains(Uploads.IdOf(n))))
                await files.RemoveAsync(name, cancel);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested) // whatever it is, the node goes on
            {
                Log.PutOff(logger, error);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Files that nothing carries could not be removed now; they will be in an hour")]
        public static partial void PutOff(ILogger logger, Exception error);
    }
}
