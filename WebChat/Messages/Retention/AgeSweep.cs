using Microsoft.Extensions.Options;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Messages.Retention;

/// <summary>
/// Deletes messages that are older than administrators want them kept: a few at a time, with a pause as long as those took, so that nobody waits for it.
/// Broken off it goes on where it was, and nodes may sweep at the same time. The files follow by the sweep of those that no message carries.
/// </summary>
internal sealed partial class AgeSweep(AgeStore store, MessageStore messages, Connections connections, IOptionsMonitor<HouseRules> rules, TimeProvider clock, ILogger<AgeSweep> logger) : BackgroundService
{
    private const int Together = 50;
    private const int Rooms = 500;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private readonly AsyncAutoResetEvent woken = new();
    private int days;

    public override void Dispose()
    {
        woken.Dispose();
        base.Dispose();
    }

    /// <summary>Deletes all that is too old now.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        var room = 0L;
        while (Before() is { } before && await store.RoomsAsync(before, room, Rooms) is { Count: > 0 } some)
        {
            foreach (var number in some)
                await SweepAsync(number, cancel);
            room = some[^1];
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changed = rules.OnChange(now => Wake(now.KeepDays));
        days = rules.CurrentValue.KeepDays;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested) // whatever it is, the node goes on
            {
                Log.PutOff(logger, error);
            }
            await woken.WaitAsync(Every, stoppingToken);
        }
    }

    private async Task SweepAsync(long room, CancellationToken cancel)
    {
        for (var isMore = true; isMore && Before() is { } before;)
        {
            var start = clock.GetTimestamp();
            isMore = await store.DeleteSomeAsync(room, before, Together);
            await Task.Delay(clock.GetElapsedTime(start), clock, cancel);
        }
        connections.Changed(await messages.AudienceAsync(room, connections.Online), "rooms");
    }

    /// <summary>Asked for each step: who sets it back while it works, sets it back.</summary>
    private long? Before() => rules.CurrentValue.KeepDays is > 0 and var kept ? clock.Now() - (long)TimeSpan.FromDays(kept).TotalMilliseconds : null;

    private void Wake(int now)
    {
        if (Interlocked.Exchange(ref days, now) != now)
            woken.Set();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Messages that are too old could not be deleted now; they will be in an hour")]
        public static partial void PutOff(ILogger logger, Exception error);
    }
}
