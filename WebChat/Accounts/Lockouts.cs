using System.Collections.Concurrent;

namespace WebChat.Accounts;

/// <summary>
/// Failed sign-ins by account and by where they came from, a client address or a known device: five lock the pair for 15 minutes.
/// The pair, because an account alone would let anybody lock its owner out.
/// </summary>
internal sealed class Lockouts(TimeProvider clock)
{
    private const int MostFailures = 5;
    private const int SweepAbove = 10_000;

    private static readonly TimeSpan For = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<(string Account, string From), Failures> failures = new();

    public bool IsLocked(string account, string from) =>
        failures.TryGetValue((account, from), out var failed) && IsLocked(failed, clock.GetUtcNow());

    /// <summary>Counts a failure. While the pair is locked nothing counts: trying on does not make it longer.</summary>
    public void Failed(string account, string from)
    {
        if (failures.Count > SweepAbove)
            Sweep();
        var now = clock.GetUtcNow();
        failures.AddOrUpdate(
            (account, from),
            static (_, now) => new Failures(1, now + For),
            static (_, failed, now) => IsLocked(failed, now) ? failed : new Failures(now < failed.Until ? failed.Count + 1 : 1, now + For),
            now);
    }

    public void Succeeded(string account, string from) => failures.TryRemove((account, from), out _);

    private static bool IsLocked(Failures failed, DateTimeOffset now) => failed.Count >= MostFailures && now < failed.Until;

    private void Sweep()
    {
        var now = clock.GetUtcNow();
        foreach (var pair in failures.Where(f => f.Value.Until <= now))
            failures.TryRemove(pair);
    }

    private sealed record Failures(int Count, DateTimeOffset Until);
}
