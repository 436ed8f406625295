using System.Diagnostics;

namespace WebChat.Live;

/// <summary>What readers listen to: a thing's id, in one language or, for programs, in <see cref="Reader.Json"/>.</summary>
internal readonly record struct TopicKey(long Id, string Language);

/// <summary>
/// A bounded log of framed bytes and the connections that read it. Each connection has its own cursor and takes all
/// bytes since then in one write; one whose last write is still under way takes more next time. Nobody waits for another.
/// </summary>
internal sealed class Topic(TopicKey key, Topics topics) : IThreadPoolWorkItem
{
    /// <summary>A connection this far behind is closed with 1013 and catches up when it returns.</summary>
    public const int MostFramesBehind = 256;

    /// <inheritdoc cref="MostFramesBehind"/>
    public const int MostBytesBehind = 1 << 20;

    /// <summary>A pass that takes no longer is worth no wait.</summary>
    private static readonly TimeSpan WorthWaiting = TimeSpan.FromMilliseconds(1);

    /// <summary>However long a pass took: the machine may have stood still.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    /// <summary>What is said last so far is outdated, and nothing takes its place.</summary>
    public static readonly Func<ReadOnlyMemory<byte>> NoEnding = static () => default;

    private readonly Lock gate = new();
    private readonly Queue<Mark> marks = new();
    private readonly HashSet<Connection> readers = [];
    private Connection[]? inPass; // the same, until one comes or goes
    private LogChunk tail = new(LogChunk.Smallest);
    private Func<ReadOnlyMemory<byte>>? ending;
    private long lastRev;
    private long forgotten = -1;
    private long frames;
    private long bytes;
    private int scheduled;
    private TimeSpan lastPass;

    public TopicKey Key => key;

    public bool IsEmpty
    {
        get
        {
            lock (gate)
                return readers.Count == 0;
        }
    }

    /// <summary>Appends a frame that brings the thing to <paramref name="rev"/>, and wakes the readers.</summary>
    /// <param name="rev">The change.</param>
    /// <param name="frame">What is told of it.</param>
    /// <param name="ending">Gives what is to be said after all that is sent with it, in place of what another gave that is sent with it too; null leaves that as it is.</param>
    public void Append(long rev, ReadOnlySpan<byte> frame, Func<ReadOnlyMemory<byte>>? ending = null)
    {
        lock (gate)
        {
            lastRev = rev;
            Write(frame);
            this.ending = ending ?? this.ending;
        }
        Wake();
    }

    /// <summary>Appends a frame that changes nothing, such as who is typing, and wakes the readers.</summary>
    public void Append(ReadOnlySpan<byte> frame)
    {
        lock (gate)
            Write(frame);
        Wake();
    }

    private void Write(ReadOnlySpan<byte> frame)
    {
        MakeRoom(frame.Length);
        marks.Enqueue(new Mark(lastRev, new Cursor(tail, tail.Length, frames, bytes)));
        if (marks.Count > MostFramesBehind)
            forgotten = marks.Dequeue().Rev;
        frames++;
        bytes += frame.Length;
        tail.Append(frame, frames, bytes);
    }

    private void MakeRoom(int length)
    {
        if (tail.HasRoomFor(length))
            return;
        var next = new LogChunk(Math.Max(length, Math.Min(2 * tail.Size, LogChunk.Largest)));
        tail.Next = next;
        tail = next;
    }

    /// <summary>Keeps the log for this reader from here on; it gets nothing before <see cref="Attach"/>.</summary>
    public void Add(Connection reader)
    {
        lock (gate)
        {
            readers.Add(reader);
            inPass = null;
        }
    }

    public void Remove(Connection reader)
    {
        lock (gate)
        {
            readers.Remove(reader);
            inPass = null;
        }
    }

    /// <summary>The place after everything up to <paramref name="rev"/>.</summary>
    /// <returns>Null when the log no longer reaches back so far: read the database again.</returns>
    public Cursor? After(long rev)
    {
        lock (gate)
        {
            if (forgotten > rev)
                return null;
            foreach (var mark in marks)
            {
                if (mark.Rev > rev)
                    return mark.Cursor;
            }
            return new Cursor(tail, tail.Length, frames, bytes);
        }
    }

    /// <summary>True when a cursor is further behind than anybody may be.</summary>
    public bool IsTooFarBehind(in Cursor cursor) =>
        Volatile.Read(ref frames) - cursor.Frames > MostFramesBehind || Volatile.Read(ref bytes) - cursor.Bytes > MostBytesBehind;

    /// <summary>Schedules one pass over the readers, however many frames came in meanwhile.</summary>
    private void Wake()
    {
        if (Interlocked.Exchange(ref scheduled, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        await GatherAsync();
        Volatile.Write(ref scheduled, 0);
        var start = Stopwatch.GetTimestamp();
        try
        {
            End();
        }
        finally // whatever becomes of that: what was appended is to be sent
        {
            foreach (var reader in Readers())
                reader.Flush(this);
        }
        var took = Stopwatch.GetElapsedTime(start);
        lastPass = took < LongestWait ? took : LongestWait;
    }

    /// <summary>Appends what is to be said last: no change, and nothing by which a reader is behind.</summary>
    private void End()
    {
        lock (gate)
        {
            var last = ending;
            ending = null;
            if (last?.Invoke() is not { IsEmpty: false } frame)
                return;
            MakeRoom(frame.Length);
            bytes += frame.Length;
            tail.Append(frame.Span, frames, bytes);
        }
    }

    private Connection[] Readers()
    {
        lock (gate)
            return inPass ??= [.. readers];
    }

    /// <summary>
    /// All that was ready before gets its turn first, and what is coming is waited for, though for no longer than a pass takes: what came in together is
    /// then sent by one write to each reader, and a write costs as much as sending thirty frames. Where nothing else is to be done this adds nothing.
    /// </summary>
    private async Task GatherAsync()
    {
        var start = Stopwatch.GetTimestamp();
        await Task.Yield();
        for (var left = lastPass; left > WorthWaiting; left = lastPass - Stopwatch.GetElapsedTime(start))
        {
            var coming = topics.Coming();
            if (coming.IsCompleted)
                return;
            await coming.WaitAsync(left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Yield();
        }
    }

    private readonly record struct Mark(long Rev, Cursor Cursor);
}

/// <summary>A piece of a topic's log. Readers hold the piece they are in; pieces nobody is in are garbage.</summary>
internal sealed class LogChunk(int size)
{
    /// <summary>A log begins with this, and doubles: what is busy gets pieces that hold all of what a pass finds, so that one write takes it.</summary>
    public const int Smallest = 4 * 1024;

    /// <summary>Below what the garbage collector takes for a large object.</summary>
    public const int Largest = 64 * 1024;

    private readonly byte[] data = GC.AllocateUninitializedArray<byte>(size);
    private volatile End end = new(0, 0, 0);

    public LogChunk? Next { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    public int Size => data.Length;

    public int Length => end.Offset;

    public bool HasRoomFor(int length) => end.Offset + length <= data.Length;

    public void Append(ReadOnlySpan<byte> frame, long frames, long bytes)
    {
        var last = end;
        frame.CopyTo(data.AsSpan(last.Offset));
        end = new End(last.Offset + frame.Length, frames, bytes);
    }

    /// <summary>All bytes after the cursor in this piece or a later one, and the cursor after them. Empty when there are none.</summary>
    public static ReadOnlyMemory<byte> Take(ref Cursor cursor)
    {
        while (true)
        {
            var chunk = cursor.Chunk;
            var next = chunk.Next; // read before the end: a piece with a next one gets no more bytes
            var last = chunk.end;
            if (last.Offset > cursor.Offset)
            {
                var taken = chunk.data.AsMemory(cursor.Offset, last.Offset - cursor.Offset);
                cursor = new Cursor(chunk, last.Offset, last.Frames, last.Bytes);
                return taken;
            }
            if (next is null)
                return default;
            cursor = cursor with { Chunk = next, Offset = 0 };
        }
    }

    /// <summary>How far the piece is written, swapped as one so that a reader never sees half of it.</summary>
    private sealed record End(int Offset, long Frames, long Bytes);
}

/// <summary>A reader's place in a topic's log: everything before it has been taken.</summary>
internal readonly record struct Cursor(LogChunk Chunk, int Offset, long Frames, long Bytes);
