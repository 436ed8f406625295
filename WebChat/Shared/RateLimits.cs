using System.Collections.Concurrent;

namespace WebChat.Shared;

/// <summary>
/// Counts what somebody did lately, by kind and by who, on this node. A window slides: the last one counts in proportion to
/// how much of it is still within reach. Memory is bounded: counters of past windows are swept as new ones come.
/// </summary>
internal class RateLimits(TimeProvider clock)
{
    private const int SweepEvery = 4096;

    private readonly ConcurrentDictionary<(string Kind, string Who), Counter> counters = new();
    private int taken;

    protected TimeProvider Clock => clock;

    /// <summary>Counts one act if it is within the limit, at all nodes together.</summary>
    /// <returns>Null when it was; else nothing was counted, and this is after how long to try again.</returns>
    /// <inheritdoc cref="TryTake"/>
    public virtual ValueTask<TimeSpan?> TakeAsync(string kind, string who, int most, TimeSpan window) =>
        new(TryTake(kind, who, most, window, out var wait) ? null : wait);

    /// <summary>Counts one act if it is within the limit, at this node.</summary>
    /// <param name="kind">What is done, such as "post".</param>
    /// <param name="who">By whom: a user's id, an address, a mailbox.</param>
    /// <param name="most">Acts per window; 0 is no limit.</param>
    /// <param name="window">How far back is counted.</param>
    /// <param name="wait">When refused, after how long to try again.</param>
    /// <returns>False when it is one too many: nothing was counted.</returns>
    public bool TryTake(string kind, string who, int most, TimeSpan window, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (most <= 0)
            return true;
        var now = clock.GetUtcNow().UtcTicks;
        if (Interlocked.Increment(ref taken) % SweepEvery == 0)
            Sweep(now);
        var counter = counters.GetOrAdd((kind, who), static (_, length) => new Counter(length), window.Ticks);
        lock (counter)
            return counter.TryTake(now, most, out wait);
    }

    private void Sweep(long now)
    {
        foreach (var (key, counter) in counters)
        {
            bool isPast;
            lock (counter)
                isPast = counter.IsPast(now);
            if (isPast)
                counters.TryRemove(new KeyValuePair<(string, string), Counter>(key, counter));
        }
    }

    private sealed class Counter(long window)
    {
        private long start;
        private int current;
        private int last;

        public bool IsPast(long now) => now - start >= 2 * window;

        public bool TryTake(long now, int most, out TimeSpan wait)
        {
            Slide(now);
            var within = 1 - (double)(now - start) / window;
            if (current + last * within + 1 <= most)
            {
                current++;
                wait = TimeSpan.Zero;
                return true;
            }
            wait = TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerSecond, start + window - now));
            return false;
        }

        private void Slide(long now)
        {
            var windows = (now - start) / window;
            if (windows < 1)
                return;
            last = windows == 1 ? current : 0;
            current = 0;
            start = windows == 1 ? start + window : now;
        }
    }
}
