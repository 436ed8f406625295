namespace WebChat.Tests.Faults;

/// <summary>The judge of the bad days is no witness of theirs: it has to see each fault by itself.</summary>
public sealed class LedgerTests
{
    private const long Room = 7;

    private static readonly IReadOnlyList<Shown> Stored = [new(1, ""), new(2, "post-a"), new(3, "post-b")];

    private readonly Ledger ledger = new();

    [Fact]
    public void What_is_as_it_was_said_is_well()
    {
        ledger.Note("post-a", Room, Outcome.Acknowledged, 2);
        ledger.Note("post-b", Room, Outcome.Unknown);
        ledger.Note("post-c", Room, Outcome.Refused);

        Assert.Equal(new Verdict(), Judge(Stored, Stored, [.. Stored.Skip(1)]));
    }

    [Fact]
    public void A_reader_who_was_shown_nothing_diverges() => Assert.Equal(new Verdict { Diverging = 1 }, Judge(Stored, [[]]));

    [Fact]
    public void A_reader_who_misses_the_last_diverges() => Assert.Equal(new Verdict { Diverging = 1 }, Judge(Stored, [.. Stored.Take(2)]));

    [Fact]
    public void What_was_refused_and_is_there_counts()
    {
        ledger.Note("post-b", Room, Outcome.Refused);

        Assert.Equal(new Verdict { RefusedButVisible = 1 }, Judge(Stored));
    }

    [Fact]
    public void What_was_acknowledged_and_is_not_there_or_elsewhere_is_lost()
    {
        ledger.Note("post-a", Room, Outcome.Acknowledged, 3);
        ledger.Note("post-c", Room, Outcome.Acknowledged, 4);

        Assert.Equal(new Verdict { Lost = 2 }, Judge(Stored));
    }

    private Verdict Judge(IReadOnlyList<Shown> stored, params IReadOnlyList<Shown>[] readers) =>
        ledger.Judge(new Dictionary<long, IReadOnlyList<Shown>> { [Room] = stored }, readers.Select(r => (Room, r)));
}
