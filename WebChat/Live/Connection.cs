using System.Net.WebSockets;
using WebChat.Shared;

namespace WebChat.Live;

/// <summary>
/// One browser tab's socket, or a program's. It reads at most one topic, and gets frames of its own (catch-up, presence, pings) before that
/// topic's bytes. All writes go through one gate; nothing is queued for a topic but a cursor.
/// </summary>
internal sealed class Connection : IDisposable
{
    /// <summary>Messages, and likewise pings and their like, that a tab may send within a second.</summary>
    public const int MostFramesPerSecond = 100;

    /// <summary>Frames that may wait to be written, pongs among them: who lets more pile up is cut without a goodbye.</summary>
    private const int MostOwn = 2 * Topic.MostFramesBehind;

    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Stream stream;
    private readonly Action abort;
    private readonly Topics topics;
    private readonly TimeProvider clock;
    private readonly Queue<ReadOnlyMemory<byte>> own = new();
    private ITimer? deadline;
    private int ownBytes;
    private Topic? topic;
    private Cursor? cursor;
    private long begunAt;
    private bool closing;
    private int wanted;
    private TaskCompletionSource? allTaken;

    public Connection(Stream stream, Action abort, Topics topics, TimeProvider clock, Reader reader)
    {
        this.stream = stream;
        this.abort = abort;
        this.topics = topics;
        this.clock = clock;
        Reader = reader;
        Socket = WebSocket.CreateFromStream(new GatedStream(this, stream, clock), new WebSocketCreationOptions
        {
            IsServer = true,
            KeepAliveInterval = TimeSpan.FromSeconds(15),
            KeepAliveTimeout = TimeSpan.FromSeconds(15),
        });
    }

    /// <summary>Who reads, in which session and language.</summary>
    public Reader Reader { get; }

    /// <summary>For receiving; what it sends by itself goes through the same gate.</summary>
    public WebSocket Socket { get; }

    /// <summary>True once it was told goodbye: what it still says is not to be heard.</summary>
    public bool IsClosing
    {
        get
        {
            lock (gate)
                return closing;
        }
    }

    /// <summary>The id of the thing that is open in this tab, or null.</summary>
    public long? Open
    {
        get
        {
            lock (gate)
                return topic?.Key.Id;
        }
    }

    /// <summary>
    /// Starts to keep a topic's frames for this tab, in place of the topic it had. Read the database after this and call
    /// <see cref="Attach"/>; nothing of the topic is sent before.
    /// </summary>
    public void Subscribe(long id)
    {
        Unsubscribe();
        var joined = topics.Join(new TopicKey(id, Reader.Language), this);
        bool late;
        lock (gate)
        {
            late = closing;
            if (!late)
                topic = joined;
        }
        if (late)
            topics.Leave(joined, this);
    }

    /// <summary>Sends what was read from the database, then every frame of the topic after <paramref name="rev"/>.</summary>
    /// <returns>False when the topic's log has moved on too far meanwhile (read again), or the right to read it has ended (see <see cref="Open"/>).</returns>
    public bool Attach(long id, long rev, ReadOnlyMemory<byte> missed)
    {
        lock (gate)
        {
            if (topic is null || topic.Key.Id != id || topic.After(rev) is not { } place)
                return false;
            cursor = place;
            begunAt = rev;
            if (!missed.IsEmpty)
                Enqueue(missed);
        }
        Pump();
        return true;
    }

    /// <summary>True where this tab hears of a change by the topic that is open in it. Whoever opens another one at this moment may hear of it by neither.</summary>
    public bool HearsOf(long id, long rev)
    {
        lock (gate)
            return topic?.Key.Id == id && cursor is not null && begunAt < rev;
    }

    /// <summary>Ends the feed of the topic. What is already on its way to the socket may still arrive.</summary>
    /// <returns>False when nothing, or something else than <paramref name="id"/>, was open.</returns>
    public bool Unsubscribe(long? id = null)
    {
        Topic? left;
        lock (gate)
        {
            if (topic is null || (id is not null && topic.Key.Id != id))
                return false;
            left = topic;
            topic = null;
            cursor = null;
        }
        topics.Leave(left, this);
        return true;
    }

    /// <summary>Keeps all that is to be sent until <see cref="Release"/>; called before anything else.</summary>
    public void Hold() => Interlocked.Increment(ref wanted); // as if a write were under way

    /// <summary>Sends what was kept, and from now on at once.</summary>
    public void Release() => Write();

    /// <summary>Sends one frame to this tab alone, in order. A tab that does not take them is closed as too slow.</summary>
    public void Send(ReadOnlyMemory<byte> frame)
    {
        bool slow;
        lock (gate)
        {
            if (closing || frame.IsEmpty) // an empty one would be taken for the end of what is to be written
                return;
            Enqueue(frame);
            slow = own.Count > Topic.MostFramesBehind || ownBytes > 2 * Topic.MostBytesBehind;
        }
        if (slow)
            CloseTooSlow();
        else
            Pump();
    }

    /// <summary>Waits until the other side has taken all that is on its way to it, or the line is closed. For the one who receives.</summary>
    public Task TakenAsync()
    {
        if (IsAllTaken)
            return Task.CompletedTask;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref allTaken, all);
        if (IsAllTaken)
            all.TrySetResult();
        return all.Task;
    }

    private bool IsAllTaken => Volatile.Read(ref wanted) == 0 || IsClosing;

    /// <summary>Called by the topic's pass: takes what is new, unless the last write is still under way.</summary>
    public void Flush(Topic from)
    {
        if (Volatile.Read(ref wanted) == 0)
        {
            Pump();
            return;
        }
        bool slow;
        lock (gate)
            slow = topic == from && cursor is { } place && from.IsTooFarBehind(place);
        if (slow)
            CloseTooSlow();
        else
            Pump();
    }

    /// <summary>Sends what the protocol says by itself, in order with all else. A line that only asks and never takes the answers is cut.</summary>
    public void SendControl(ReadOnlyMemory<byte> frame)
    {
        bool isFlood;
        lock (gate)
        {
            Enqueue(frame);
            isFlood = own.Count > MostOwn;
        }
        if (isFlood)
            abort();
        else
            Pump();
    }

    /// <summary>Cuts the line, unless it has been told goodbye and has a time to end.</summary>
    public void Cut()
    {
        if (!IsClosing)
            abort();
    }

    private void CloseTooSlow()
    {
        if (Close(CloseCode.TooFarBehind, "too far behind"))
            Meters.TooSlow.Add(1);
    }

    /// <summary>Says goodbye with a close code, and cuts the line if the other side does not answer in time.</summary>
    /// <returns>False when it was closed already.</returns>
    public bool Close(int code, string reason)
    {
        lock (gate)
        {
            if (closing)
                return false;
            closing = true;
            deadline = clock.CreateTimer(static abort => ((Action)abort!)(), abort, CloseWithin, Timeout.InfiniteTimeSpan);
        }
        Unsubscribe();
        Interlocked.Exchange(ref allTaken, null)?.TrySetResult();
        _ = SayGoodbyeAsync(code, reason);
        return true;
    }

    public void Dispose()
    {
        lock (gate)
        {
            closing = true;
            own.Clear();
        }
        Unsubscribe();
        deadline?.Dispose();
        Socket.Dispose();
    }

    private async Task SayGoodbyeAsync(int code, string reason)
    {
        try
        {
            await Socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, CancellationToken.None);
        }
        catch (Exception error) when (error is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The line is gone already: there is nobody to say it to.
        }
    }

    private void Enqueue(ReadOnlyMemory<byte> frame)
    {
        own.Enqueue(frame);
        ownBytes += frame.Length;
    }

    /// <summary>What to write next: own frames first, then everything of the topic since the cursor.</summary>
    private ReadOnlyMemory<byte> Take()
    {
        lock (gate)
        {
            if (own.TryDequeue(out var frame))
            {
                ownBytes -= frame.Length;
                return frame;
            }
            if (cursor is not { } place)
                return default;
            var taken = LogChunk.Take(ref place);
            cursor = place;
            return taken;
        }
    }

    /// <summary>Writes until nothing is left. Whoever raises <see cref="wanted"/> from 0 writes; the others leave it to them.</summary>
    private void Pump()
    {
        if (Interlocked.Increment(ref wanted) == 1)
            Write();
    }

    private void Write()
    {
        try
        {
            while (true)
            {
                var seen = Volatile.Read(ref wanted);
                for (var next = Take(); !next.IsEmpty; next = Take())
                {
                    var write = stream.WriteAsync(next);
                    if (!write.IsCompletedSuccessfully)
                    {
                        _ = GoOnAfterAsync(write);
                        return;
                    }
                }
                if (Interlocked.CompareExchange(ref wanted, 0, seen) == seen)
                {
                    Interlocked.Exchange(ref allTaken, null)?.TrySetResult();
                    return;
                }
            }
        }
        catch (Exception error) when (IsBrokenLine(error))
        {
            Break();
        }
    }

    private async Task GoOnAfterAsync(ValueTask write)
    {
        try
        {
            await write;
        }
        catch (Exception error) when (IsBrokenLine(error))
        {
            Break();
            return;
        }
        Write();
    }

    private void Break()
    {
        abort();
        Interlocked.Exchange(ref allTaken, null)?.TrySetResult();
    }

    private static bool IsBrokenLine(Exception error) =>
        error is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;
}
