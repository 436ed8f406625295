using System.Collections.Concurrent;

namespace WebChat.Tests.Faults;

/// <summary>What the sender was told of a post.</summary>
internal enum Outcome
{
    /// <summary>Sent, and no answer yet, or none that says what became of it.</summary>
    Unknown,
    /// <summary>2xx: it is there, at this place.</summary>
    Acknowledged,
    /// <summary>4xx or 503: nothing was stored.</summary>
    Refused,
}

/// <summary>What people wrote, and what each of them was told became of it.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    public int Count => entries.Count;

    public int CountOf(Outcome outcome) => entries.Values.Count(e => e.Outcome == outcome);

    /// <summary>The last place in a room that somebody was told.</summary>
    public long LastIn(long room) => entries.Values.Where(e => e.Room == room).Max(e => e.Seq);

    /// <summary>The bodies are unique: each names its post.</summary>
    public void Note(string body, long room, Outcome outcome, long seq = 0) => entries[body] = new Entry(room, outcome, seq);

    /// <summary>Holds what people were told, and what readers saw, against what is there.</summary>
    /// <param name="rooms">Each room's messages as they stand in the database: by <c>seq</c>, notes too.</param>
    /// <param name="readers">Each reader's room and what they were shown in it, in the order of first sight.</param>
    public Verdict Judge(IReadOnlyDictionary<long, IReadOnlyList<Shown>> rooms, IEnumerable<(long Room, IReadOnlyList<Shown> Seen)> readers)
    {
        var verdict = new Verdict();
        var stored = rooms.SelectMany(r => r.Value.Select(m => (Room: r.Key, Message: m))).ToLookup(m => m.Message.Body, StringComparer.Ordinal);
        foreach (var (body, entry) in entries)
        {
            var copies = stored[body].ToList();
            if (copies.Count > 1)
                verdict.Duplicated++;
            if (entry.Outcome == Outcome.Acknowledged && !copies.Exists(c => c.Room == entry.Room && c.Message.Seq == entry.Seq))
                verdict.Lost++;
            if (entry.Outcome == Outcome.Refused && copies.Count > 0)
                verdict.RefusedButVisible++;
        }
        foreach (var (_, messages) in rooms)
            verdict.Gaps += messages.Where((m, i) => m.Seq != i + 1).Count();
        foreach (var (room, seen) in readers)
        {
            verdict.OutOfOrder += seen.Zip(seen.Skip(1)).Count(p => p.Second.Seq <= p.First.Seq);
            verdict.Gaps += seen.Zip(seen.Skip(1)).Count(p => p.Second.Seq > p.First.Seq + 1);
            var expected = rooms[room].Where(m => seen.Count == 0 || m.Seq >= seen[0].Seq).ToList(); // who was shown nothing was to be shown all
            if (!expected.SequenceEqual(seen))
                verdict.Diverging++;
        }
        return verdict;
    }

    private sealed record Entry(long Room, Outcome Outcome, long Seq);
}

/// <summary>A message as somebody was shown it.</summary>
internal sealed record Shown(long Seq, string Body);

/// <summary>What must all be nothing.</summary>
internal sealed record Verdict
{
    public int Lost { get; set; }
    public int Duplicated { get; set; }
    public int RefusedButVisible { get; set; }
    /// <summary>Readers whose page is not what is there.</summary>
    public int Diverging { get; set; }
    public int OutOfOrder { get; set; }
    public int Gaps { get; set; }
}
