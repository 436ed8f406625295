using WebChat.Messages.Kinds;
using WebChat.Rooms;

namespace WebChat.Messages.Notices;

/// <summary>What was said in a room since somebody looked: the last few messages, and the last few that name somebody.</summary>
internal sealed class Gathered(long room)
{
    private const int MostLast = 3;
    private const int MostCalls = 8;

    private readonly Queue<StoredMessage> last = new();
    private readonly Queue<StoredMessage> calls = new();

    public long Room => room;

    public IEnumerable<StoredMessage> Messages => last.Union(calls);

    public StoredMessage? Find(long seq) => Messages.FirstOrDefault(m => m.Seq == seq);

    public void Add(StoredMessage message)
    {
        var (queue, most) = Kind.Of(message).Calls(message).IsNobody ? (last, MostLast) : (calls, MostCalls);
        queue.Enqueue(message);
        if (queue.Count > most)
            queue.Dequeue();
    }

    /// <summary>What was taken back calls nobody.</summary>
    /// <returns>False where it was not among these.</returns>
    public bool Remove(long seq)
    {
        var wasThere = Find(seq) is not null;
        foreach (var queue in new[] { last, calls })
        {
            for (var left = queue.Count; left > 0; left--)
            {
                if (queue.Dequeue() is var message && message.Seq != seq)
                    queue.Enqueue(message);
            }
        }
        return wasThere;
    }
}

/// <summary>Messages on their way to those whom they call, by room: who is told needs the last, not each. Never waits, and never holds more than some.</summary>
internal sealed class Gathering : IDisposable
{
    private const int MostRooms = 4096;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim touched = new(0, 1);
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
        try
        {
            touched.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
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
