using Microsoft.Extensions.Options;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>
/// Lets a user's tabs open rooms one after the other, and not too many in a second: each may read hundreds of messages. Nobody is
/// refused. A tab that asks too often waits, and so does one that has not taken its last answer; what it says meanwhile stays in the line.
/// Where many users come at once, a few are let in at a time.
/// </summary>
internal sealed class Openings(IOptionsMonitor<Limits> limits, TimeProvider clock)
{
    /// <summary>How much of the allowance one who was quiet has in reserve: many tabs may come back at once.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Rooms that are opened at the same time, by whomever: enough to keep a database busy that takes a moment to answer, and so few that what else is
    /// to be done comes in between.
    /// </summary>
    private const int MostAtOnce = 8;

    private readonly Turns all = new(MostAtOnce, clock);
    private readonly Lock gate = new();
    private readonly Dictionary<long, Line> lines = [];
    private int sweepAt = 1024;

    /// <summary>Opens when it is this tab's turn. One that was closed meanwhile is forgotten.</summary>
    public async Task RunAsync(Connection connection, Func<Task> open)
    {
        await connection.TakenAsync();
        var line = Join(connection.Reader.UserId);
        await line.Turn.WaitAsync();
        try
        {
            if (Take(line) is var wait && wait > TimeSpan.Zero)
                await Task.Delay(wait, clock);
            using var turn = await all.TakeAsync(CancellationToken.None);
            if (!connection.IsClosing)
                await open();
        }
        finally
        {
            line.Turn.Release();
            lock (gate)
                line.Waiting--;
        }
    }

    private Line Join(long userId)
    {
        lock (gate)
        {
            if (lines.Count >= sweepAt)
                Sweep();
            if (!lines.TryGetValue(userId, out var line))
                lines.Add(userId, line = new Line());
            line.Waiting++;
            return line;
        }
    }

    private void Sweep()
    {
        var now = clock.GetUtcNow();
        foreach (var (userId, line) in lines)
        {
            if (line.Waiting == 0 && line.PaidUntil <= now)
                lines.Remove(userId);
        }
        sweepAt = Math.Max(1024, 2 * lines.Count);
    }

    /// <returns>How long until this opening is due.</returns>
    private TimeSpan Take(Line line)
    {
        var most = limits.CurrentValue.OpeningsPerSecond;
        if (most == 0)
            return TimeSpan.Zero;
        var now = clock.GetUtcNow();
        line.PaidUntil = (line.PaidUntil > now ? line.PaidUntil : now) + TimeSpan.FromSeconds(1.0 / most);
        return line.PaidUntil - now - Reserve;
    }

    private sealed class Line
    {
        /// <summary>Held by the tab whose turn it is; the others come in the order they asked.</summary>
        public SemaphoreSlim Turn { get; } = new(1, 1);
        public int Waiting { get; set; }
        /// <summary>Until when the openings so far have used up the allowance.</summary>
        public DateTimeOffset PaidUntil { get; set; }
    }
}
