using System.Collections.Concurrent;

namespace WebChat.Messages.Bots;

/// <summary>
/// Bots whose calls failed of late, and until when they are left alone: the longer, the more failed. A call that goes well makes up for half of
/// one that did not, so that who answers every other time counts as failing all the same.
/// </summary>
internal sealed class Rests(TimeProvider clock)
{
    /// <summary>After the first failure; each that follows doubles it.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private const int Failure = 2;
    private const int Success = 1;

    /// <summary>However long it failed, so many good calls are enough.</summary>
    private const int MostWeight = 7 * Failure;

    /// <summary>Beyond so many, those that have rested are forgotten.</summary>
    private const int SweepAbove = 1024;

    private readonly ConcurrentDictionary<long, Rest> resting = new();

    /// <summary>True for a bot that others need not wait for.</summary>
    public bool IsFailing(long bot) => resting.ContainsKey(bot);

    /// <summary>How long a bot is left alone yet, or null.</summary>
    public TimeSpan? Left(long bot) => resting.TryGetValue(bot, out var rest) && rest.Until > clock.GetUtcNow() ? rest.Until - clock.GetUtcNow() : null;

    /// <summary>Where a bot is called now: at another address than the one that failed it is called at once.</summary>
    public void Move(long bot, string? webhook)
    {
        if (resting.TryGetValue(bot, out var rest) && !string.Equals(rest.Webhook, webhook, StringComparison.Ordinal))
            resting[bot] = rest with { Until = clock.GetUtcNow() };
    }

    /// <summary>Notes how a call went.</summary>
    public void Note(CalledBot bot, bool isFailed)
    {
        var before = resting.GetValueOrDefault(bot.UserId)?.Weight ?? 0;
        var weight = isFailed ? Math.Min(before + Failure, MostWeight) : before - Success;
        if (weight <= 0)
            resting.TryRemove(bot.UserId, out _);
        else
            resting[bot.UserId] = new Rest(bot.Webhook, weight, clock.GetUtcNow() + (isFailed ? PauseAfter(weight) : TimeSpan.Zero));
        if (resting.Count > SweepAbove)
            Sweep();
    }

    private static TimeSpan PauseAfter(int weight) => TimeSpan.FromTicks(Math.Min(Longest.Ticks, Shortest.Ticks << ((weight - 1) / Failure)));

    private void Sweep()
    {
        foreach (var old in resting.Where(r => r.Value.Until < clock.GetUtcNow()))
            resting.TryRemove(old);
    }

    /// <param name="Webhook">Where the last call failed.</param>
    /// <param name="Weight">Of what failed, less what went well since.</param>
    /// <param name="Until">When it has rested.</param>
    private sealed record Rest(string Webhook, int Weight, DateTimeOffset Until);
}
