using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using WebChat.Live;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Messages;

/// <summary>
/// For each room that somebody reads at this node: takes its committed messages, from here and from other nodes, puts them in
/// order of their <c>rev</c>, and appends each, rendered and framed once per language, to the room's topics. What is missing
/// between two is read from the database, so that a lost word delays and never loses.
/// </summary>
internal sealed partial class RoomTails(Topics topics, MessageStore messages, Nodes nodes, FrozenDictionary<string, Voice> voices, TimeProvider clock, ILogger<RoomTails> logger)
{
    /// <summary>How long a missing message may be late before it is fetched: two commits may overtake each other on the way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(30);

    private const int Page = 200;
    private const int MostHeld = 256;

    private readonly ConcurrentDictionary<long, Tail> tails = new();

    /// <summary>Makes this follow the topics.</summary>
    public void Follow()
    {
        topics.Coming = messages.PostsStoredAsync;
        topics.Opened += room =>
        {
            var tail = new Tail();
            tails[room] = tail;
            tail.Listening = nodes.ListenAsync(ChannelOf(room), word => Take(JsonSerializer.Deserialize<StoredMessage>(word.Span)!));
        };
        topics.Closed += room =>
        {
            if (tails.TryRemove(room, out var tail))
            {
                lock (tail)
                    tail.IsClosed = true; // what is still under way for it is nothing to the readers who come next
            }
            nodes.Leave(ChannelOf(room));
        };
    }

    /// <summary>Ends when what other nodes say of the room is heard here: read the database after it.</summary>
    public Task ListeningAsync(long room) => tails.TryGetValue(room, out var tail) ? tail.Listening : Task.CompletedTask;

    /// <summary>Somebody has everything up to <paramref name="rev"/>: the topics are to hold all that comes after it.</summary>
    /// <param name="room">Where.</param>
    /// <param name="rev">The last change they have.</param>
    /// <param name="first">Where the room begins, as they know.</param>
    /// <returns>False when the topics begin later, with what another reader had already: read the database again.</returns>
    public bool TryBegin(long room, long rev, long first)
    {
        if (!tails.TryGetValue(room, out var tail))
            return true; // nobody reads any more
        bool hasGap;
        lock (tail)
        {
            tail.Begins = Math.Min(tail.Begins, first);
            if (tail.Last is not null)
                return rev >= tail.First;
            tail.First = rev;
            tail.Last = rev;
            hasGap = Release(room, tail);
        }
        if (hasGap)
            _ = FillAsync(room, tail, Patience);
        return true;
    }

    /// <summary>Takes a message that this node committed: to the readers here, and to the other nodes.</summary>
    public void Publish(StoredMessage message)
    {
        if (nodes.AreMany)
            nodes.Say(ChannelOf(message.Room), JsonSerializer.SerializeToUtf8Bytes(message));
        Take(message);
    }

    /// <summary>How many messages wait for what is missing before them.</summary>
    public int HeldOf(long room)
    {
        if (!tails.TryGetValue(room, out var tail))
            return 0;
        lock (tail)
            return tail.Held.Count;
    }

    /// <summary>
    /// Looks whether the database is ahead of what was heard: the last word of a room may be lost too, and that its oldest messages were deleted is
    /// no change of it that anybody says.
    /// </summary>
    public async Task CheckAsync()
    {
        var rooms = tails.Where(t => t.Value.Last is not null).Select(t => t.Key).ToList();
        foreach (var (room, rev, first) in await messages.EndsAsync(rooms))
        {
            if (!tails.TryGetValue(room, out var tail))
                continue;
            Begin(room, tail, first);
            if (rev > tail.Last)
                await FillAsync(room, tail, TimeSpan.Zero);
        }
    }

    private void Begin(long room, Tail tail, long first)
    {
        lock (tail)
        {
            if (tail.IsClosed || first <= tail.Begins)
                return;
            tail.Begins = first;
            foreach (var (language, voice) in voices)
            {
                if (voice.SayBegins(room, first) is { IsEmpty: false } begins)
                    topics.Find(new TopicKey(room, language))?.Append(begins.Span);
            }
        }
    }

    private void Take(StoredMessage message)
    {
        if (!tails.TryGetValue(message.Room, out var tail))
            return; // nobody reads it here
        bool hasGap;
        lock (tail)
        {
            if (message.Rev <= tail.Last)
                return;
            if (tail.Held.Count < MostHeld)
                tail.Held[message.Rev] = message;
            hasGap = Release(message.Room, tail);
        }
        if (hasGap)
            _ = FillAsync(message.Room, tail, Patience);
    }

    /// <summary>Appends what follows without a gap. Call it with the tail locked.</summary>
    /// <returns>True when something is missing before what is held.</returns>
    private bool Release(long room, Tail tail)
    {
        while (tail.Last is { } last && tail.Held.Count > 0)
        {
            var (rev, message) = tail.Held.First();
            if (rev > last + 1)
                return true;
            tail.Held.Remove(rev);
            if (rev <= last)
                continue;
            Append(room, tail, message, isChange: message.IsChange);
        }
        return false;
    }

    private void Append(long room, Tail tail, StoredMessage message, bool isChange)
    {
        if (tail.IsClosed)
            return;
        var isLast = message.Seq >= tail.Newest;
        var isSameToAll = isLast && RoomHeads.IsSameToAll(message);
        foreach (var (language, voice) in voices)
        {
            if (topics.Find(new TopicKey(room, language)) is { } topic)
                topic.Append(message.Rev, voice.Say(message).Span, isSameToAll ? () => voice.SayHead(message) : isLast ? Topic.NoEnding : null);
        }
        tail.Newest = Math.Max(tail.Newest, message.Seq);
        tail.Last = message.Rev;
        if (!isChange)
            Meters.Delivery.Record(clock.Now() - message.CreatedAt);
    }

    /// <summary>Reads what is missing. One statement sees one moment: what it leaves out below its last was changed again since.</summary>
    private async Task FillAsync(long room, Tail tail, TimeSpan patience)
    {
        if (!tail.TryBeginFilling())
            return;
        try
        {
            if (patience > TimeSpan.Zero)
            {
                await Task.Delay(patience, clock);
                lock (tail)
                {
                    if (!Release(room, tail))
                        return; // it was only late
                }
            }
            var isMore = true;
            var hasFound = false;
            while (isMore && !tail.IsClosed)
            {
                var before = tail.Last;
                var missing = await messages.ChangesAsync(room, before ?? 0, Page);
                lock (tail)
                {
                    foreach (var message in missing.Where(m => m.Rev > tail.Last))
                    {
                        Append(room, tail, message, isChange: WasChanged(message));
                        hasFound = true;
                    }
                    isMore = Release(room, tail) || missing.Count == Page;
                    if (isMore && tail.Last == before)
                    {
                        // What is held is not in the database, or not yet: it is looked for again when more is heard, or by the next check.
                        tail.Held.Clear();
                        isMore = false;
                    }
                }
            }
            if (hasFound)
                Meters.GapsClosed.Add(1);
        }
        catch (StorageUnavailableException)
        {
            Log.NotFilled(logger, room); // the next check tries again
        }
        finally
        {
            tail.EndFilling();
        }
    }

    /// <summary>As a row tells it: when it was changed last is not known, and how late it is neither.</summary>
    private static bool WasChanged(StoredMessage message) => message is not { EditedAt: null, RecalledAt: null, PinnedAt: null, Reactions: null };

    private static string ChannelOf(long room) => FormattableString.Invariant($"room:{room}");

    /// <summary>How far the readers of a room are, and what came too early for them.</summary>
    private sealed class Tail
    {
        private int filling;

        /// <summary>The <c>rev</c> of what was appended last; null until a reader has read where the room stands.</summary>
        public long? Last { get; set; }

        /// <summary>The last place of what was appended.</summary>
        public long Newest { get; set; }

        /// <summary>The topics hold everything after this <c>rev</c>.</summary>
        public long First { get; set; }

        /// <summary>The place of the room's first message, as the reader knows it who knows least.</summary>
        public long Begins { get; set; } = long.MaxValue;

        public bool IsClosed { get; set; }

        public SortedDictionary<long, StoredMessage> Held { get; } = [];

        public Task Listening { get; set; } = Task.CompletedTask;

        public bool TryBeginFilling() => Interlocked.Exchange(ref filling, 1) == 0;

        public void EndFilling() => Volatile.Write(ref filling, 0);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "What is missing of room {Room} could not be read")]
        public static partial void NotFilled(ILogger logger, long room);
    }
}

/// <summary>Checks every two seconds that no word was lost.</summary>
internal sealed partial class TailWatch(RoomTails tails, RoomHeads heads, TimeProvider clock, ILogger<TailWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await tails.CheckAsync();
                await heads.CheckAsync(); // one node alone loses words too: to a database that was away when they were to be told
            }
            catch (Exception error)
            {
                Log.NotChecked(logger, error);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Whether words were lost could not be checked")]
        public static partial void NotChecked(ILogger logger, Exception error);
    }
}
