using System.Collections.Concurrent;

namespace WebChat.Accounts;

/// <summary>
/// Failed sign-ins by account and by where they came from, a client address or a known device: five lock the pair for 15 minutes.
/// The pair, because an account alone would let anybody lock its owner out.
/// </summary>
internal class Lockouts(TimeProvider clock)
{
    protected const int MostFailures = 5;

    protected static readonly TimeSpan For = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Account, string From), Failures> failures = new();

    private long sweptAt;

    /// <summary>Pairs whose failures are remembered.</summary>
    public int Count => failures.Count;

    public bool IsLocked(string account, string from) =>
        failures.TryGetValue((account, from), out var failed) && IsLocked(failed, clock.GetUtcNow());

    /// <summary>
    /// Counts a try as failed until <see cref="Succeeded"/> says otherwise, so that of many at once no more than five are let
    /// through. While the pair is locked nothing counts: trying on does not make it longer.
    /// </summary>
    /// <returns>False while the pair is locked.</returns>
    public bool TryBegin(string account, string from)
    {
        Sweep();
        while (true)
        {
            var now = clock.GetUtcNow();
            if (!failures.TryGetValue((account, from), out var failed))
            {
                if (failures.TryAdd((account, from), new Failures(1, now + For)))
                    return true;
                continue;
            }
            if (IsLocked(failed, now))
                return false;
            if (failures.TryUpdate((account, from), new Failures(now < failed.Until ? failed.Count + 1 : 1, now + For), failed))
                return true;
        }
    }

    /// <inheritdoc cref="TryBegin"/>
    /// <summary>The same at all nodes together.</summary>
    public virtual Task<bool> TryBeginAsync(string account, string from) => Task.FromResult(TryBegin(account, from));

    /// <summary>Forgets the failures of the pair, at all nodes.</summary>
    public virtual Task SucceededAsync(string account, string from)
    {
        Succeeded(account, from);
        return Task.CompletedTask;
    }

    public void Succeeded(string account, string from) => failures.TryRemove((account, from), out _);

    private static bool IsLocked(Failures failed, DateTimeOffset now) => failed.Count >= MostFailures && now < failed.Until;

    private void Sweep()
    {
        var now = clock.GetUtcNow();
        var before = Volatile.Read(ref sweptAt);
        if (now.UtcTicks - before < SweepEvery.Ticks || Interlocked.CompareExchange(ref sweptAt, now.UtcTicks, before) != before)
            return;
        foreach (var pair in failures.Where(f => f.Value.Until <= now))
            failures.TryRemove(pair);
    }

    private sealed record Failures(int Count, DateTimeOffset Until);
}
