using System.Collections.Concurrent;

namespace WebChat.Accounts;

/// <summary>
/// Failed sign-ins by account and client address: five lock the pair for 15 minutes. The pair, because an account alone would let
/// anybody lock its owner out.
/// </summary>
internal sealed class Lockouts(TimeProvider clock)
{
    private const int MostFailures = 5;
    private const int SweepAbove = 10_000;

    private static readonly TimeSpan For = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<(string Account, string Address), Failures> failures = new();

    public bool IsLocked(string account, string address) =>
        failures.TryGetValue((account, address), out var failed) && failed.Count >= MostFailures && clock.GetUtcNow() < failed.Until;

    public void Failed(string account, string address)
    {
        if (failures.Count > SweepAbove)
            Sweep();
        var now = clock.GetUtcNow();
        failures.AddOrUpdate(
            (account, address),
            static (_, now) => new Failures(1, now + For),
            static (_, failed, now) => now < failed.Until ? new Failures(failed.Count + 1, now + For) : new Failures(1, now + For),
            now);
    }

    public void Succeeded(string account, string address) => failures.TryRemove((account, address), out _);

    private void Sweep()
    {
        var now = clock.GetUtcNow();
        foreach (var pair in failures.Where(f => f.Value.Until <= now))
            failures.TryRemove(pair);
    }

    private sealed record Failures(int Count, DateTimeOffset Until);
}
