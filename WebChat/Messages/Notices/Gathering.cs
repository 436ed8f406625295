using WebChat.Messages.Kinds;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Notices;

/// <summary>
/// What was said in a room since somebody looked: the newest of each author, and of each the newest few that name somebody. So who says much, or
/// is blocked by some, takes nobody else's place.
/// </summary>
internal sealed class Gathered(long room)
{
    private const int MostAuthors = 8;
    private const int MostCallsOfOne = 4;
    private const int MostCalls = 16;

    private readonly List<StoredMessage> last = [];
    private readonly List<StoredMessage> calls = [];

    public long Room => room;

    public IEnumerable<StoredMessage> Messages => last.Concat(calls);

    public StoredMessage? Find(long seq) => Messages.FirstOrDefault(m => m.Seq == seq);

    public void Add(StoredMessage message)
    {
        if (Kind.Of(message).Calls(message).IsNobody)
            Keep(last, message, mostOfOne: 1, MostAuthors);
        else
            Keep(calls, message, MostCallsOfOne, MostCalls);
    }

    /// <summary>What was taken back calls nobody.</summary>
    /// <returns>False where it was not among these.</returns>
    public bool Remove(long seq) => last.RemoveAll(m => m.Seq == seq) + calls.RemoveAll(m => m.Seq == seq) > 0;

    /// <summary>Where there are too many, the oldest goes of that author; else, of who has most.</summary>
    private static void Keep(List<StoredMessage> kept, StoredMessage message, int mostOfOne, int most)
    {
        kept.Add(message);
        var authors = kept.GroupBy(m => m.AuthorId).ToList();
        var loudest = authors.Find(a => a.Count() > mostOfOne) ?? (kept.Count > most ? authors.MaxBy(a => a.Count()) : null);
        if (loudest is not null)
            kept.RemoveAt(kept.FindIndex(m => m.AuthorId == loudest.Key));
    }
}

/// <summary>Messages on their way to those whom they call, by room: who is told needs the last of theirs, not each. Never waits, and never holds more than some.</summary>
internal sealed class Gathering : IDisposable
{
    private const int MostRooms = 4096;

    private readonly Lock gate = new();
    private readonly AsyncAutoResetEvent touched = new();
    private Dictionary<long, Gathered> rooms = [];

    public void Add(StoredMessage message)
    {
        lock (gate)
        {
            if (!rooms.TryGetValue(message.Room, out var gathered))
            {
                if (rooms.Count >= MostRooms)
                    return;
                rooms[message.Room] = gathered = new Gathered(message.Room);
            }
            gathered.Add(message);
        }
        touched.Set();
    }

    /// <inheritdoc cref="Gathered.Remove"/>
    public bool Remove(StoredMessage message)
    {
        lock (gate)
            return rooms.GetValueOrDefault(message.Room)?.Remove(message.Seq) ?? false;
    }

    /// <summary>Waits until there is something.</summary>
    public Task WaitAsync(CancellationToken stop) => touched.WaitAsync(stop);

    public IReadOnlyCollection<Gathered> Take()
    {
        lock (gate)
        {
            var taken = rooms;
            rooms = [];
            return taken.Values;
        }
    }

    public void Dispose() => touched.Dispose();
}
