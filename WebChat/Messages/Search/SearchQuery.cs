using System.Globalization;
using WebChat.Rooms;

namespace WebChat.Messages.Search;

/// <summary>What is looked for, and where.</summary>
/// <param name="Sought">The words; may be nothing where somebody's messages are looked for.</param>
internal sealed record SearchQuery(Sought Sought)
{
    /// <summary>By whom, as their account is written; null is anybody.</summary>
    public string? By { get; init; }

    /// <summary>Null is every room of who looks.</summary>
    public long? Room { get; init; }

    /// <summary>Set where who looks need not be in that room: an administrator who has said after this moment why they read it.</summary>
    public long? LookedSince { get; init; }

    /// <summary>Written at this moment or later, in UTC Unix milliseconds.</summary>
    public long From { get; init; }

    /// <summary>Written before this one.</summary>
    public Instant Before { get; init; } = Instant.Last;
}

/// <summary>Where a message stands among all that were ever written.</summary>
internal sealed record Instant(long At, long Room, long Seq)
{
    public static readonly Instant Last = new(long.MaxValue, 0, 0);

    public static Instant Of(StoredMessage message) => new(message.CreatedAt, message.Room, message.Seq);

    public static Instant? Parse(string? text) =>
        text?.Split('-') is [var at, var room, var seq] && TryParse(at, out var a) && TryParse(room, out var r) && TryParse(seq, out var s) ? new Instant(a, r, s) : null;

    /// <summary>Less than 0 where the first is the earlier one.</summary>
    public static int Compare(Instant one, Instant other) => (one.At, one.Room, one.Seq).CompareTo((other.At, other.Room, other.Seq));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}-{Room}-{Seq}");

    private static bool TryParse(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}

/// <summary>A page of what was found, the newest first.</summary>
/// <param name="Hits">At most <see cref="SearchStore.PageSize"/>.</param>
/// <param name="Older">Before which instant to look on; null where all was looked through.</param>
internal sealed record Found(IReadOnlyList<StoredMessage> Hits, Instant? Older)
{
    public static readonly Found Nothing = new([], null);
}
