namespace WebChat.Media;

/// <summary>
/// Removes replaced pictures, whoever put them there; but only those that nothing had an hour ago either: open pages still point at
/// what was replaced just now.
/// </summary>
internal sealed partial class PictureSweep(PictureStore store, TimeProvider clock, ILogger<PictureSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private IReadOnlyList<string> unused = [];

    /// <summary>Removes what was unused at the last sweep and still is.</summary>
    public async Task SweepAsync()
    {
        var now = await store.UnusedAsync();
        var gone = now.Intersect(unused, StringComparer.Ordinal).ToList();
        if (gone.Count > 0)
            await store.RemoveAsync(gone);
        unused = now;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync();
            }
            catch (Exception error) // whatever it is, the node goes on
            {
                Log.PutOff(logger, error);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Replaced pictures could not be removed now; they will be in an hour")]
        public static partial void PutOff(ILogger logger, Exception error);
    }
}
