using WebChat.Rooms;

namespace WebChat.Messages;

/// <summary>One emoji under a message, and whose it is, in the order in which they came.</summary>
internal sealed record Reaction
{
    /// <summary>What is offered at once.</summary>
    public static readonly IReadOnlyList<string> Usual = ["👍", "❤️", "😂", "🎉", "😮", "😢", "🙏"];

    /// <summary>Different emoji under one message.</summary>
    public const int MostEmoji = 20;

    /// <summary>Reactions to one message: whose they are goes to every reader.</summary>
    public const int MostInAll = 500;

    public required string Emoji { get; init; }
    public required IReadOnlyList<long> By { get; init; }

    /// <summary>What stands under a message.</summary>
    public static IReadOnlyList<Reaction> Of(StoredMessage message) => Content.Unpack<List<Reaction>>(message.Reactions) ?? [];

    /// <summary>Adds a person's emoji, or takes it back.</summary>
    /// <returns>What stands there then, as it is stored; or null where there is no room for more.</returns>
    public static (bool IsTaken, string? Stored) Toggle(StoredMessage message, string emoji, long userId)
    {
        var all = Of(message).ToList();
        var at = all.FindIndex(r => string.Equals(r.Emoji, emoji, StringComparison.Ordinal));
        if (at >= 0 && all[at].By.Contains(userId))
            all[at] = all[at] with { By = [.. all[at].By.Where(by => by != userId)] };
        else if (all.Sum(r => r.By.Count) >= MostInAll || (at < 0 && all.Count >= MostEmoji))
            return (false, null);
        else if (at >= 0)
            all[at] = all[at] with { By = [.. all[at].By, userId] };
        else
            all.Add(new Reaction { Emoji = emoji, By = [userId] });
        all.RemoveAll(r => r.By.Count == 0);
        return (true, all.Count == 0 ? null : Content.Pack(all));
    }
}
