using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;

namespace WebChat.Load.Lines;

/// <summary>
/// Everybody who reads and writes at one server, looked after by one loop on one thread that never sleeps: what it costs does not depend on what it
/// measures. It belongs on a processor of its own.
/// </summary>
internal sealed class Crowd : IDisposable
{
    private const int MostWatched = 50;
    private const ulong Writing = 1UL << 32; // told apart from readers by their number

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] buffer = GC.AllocateArray<byte>(1 << 18, pinned: true);
    private readonly Linux.Ready[] ready = new Linux.Ready[4096];
    private readonly List<double> times = [];
    private readonly Target target;
    private readonly List<Socket> readers = [];
    private readonly int epoll = Linux.CreateEpoll();
    private int[] handles = [];
    private FrameWalk[] walks = [];
    private Action<int, byte[]>[] answers = [];
    private Writers writers = null!;
    private int every = 1;
    private long written;
    private long delivered;
    private long bytes;
    private long receives;

    private Crowd(Target target) => this.target = target;

    /// <summary>Leaves the processor to others where nothing is to be done: for what is not timed.</summary>
    public bool Sleeps { get; set; }

    /// <summary>Bytes that a message took at each reader, so far.</summary>
    public double BytesPerDelivery => bytes / (double)Math.Max(1, delivered);

    /// <summary>Opens the lines one after the other.</summary>
    /// <param name="target">The server.</param>
    /// <param name="size">How many read.</param>
    /// <param name="inFlight">How many messages are to be on their way at most.</param>
    /// <param name="came">Is told how many there are by now, and waited for.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<Crowd> GatherAsync(Target target, int size, int inFlight, Func<int, Task> came, CancellationToken cancel)
    {
        var crowd = new Crowd(target) { every = Math.Max(1, size / MostWatched) };
        for (var i = 0; i < size; i++)
        {
            crowd.readers.Add(await target.OpenAsync(i, cancel));
            await came(i + 1);
        }
        crowd.handles = [.. crowd.readers.Select(Handle)];
        crowd.walks = new FrameWalk[size];
        crowd.answers = [.. crowd.handles.Select(handle => (Action<int, byte[]>)((opcode, payload) =>
        {
            if (target.Answer(opcode, payload) is { } answer)
                Linux.Send(handle, answer);
        }))];
        for (var i = 0; i < size; i++)
            Linux.Watch(crowd.epoll, crowd.handles[i], (ulong)i);
        crowd.writers = await target.WritersAsync(crowd.readers, inFlight, cancel);
        for (var i = 0; i < crowd.writers.Lines.Count; i++)
            Linux.Watch(crowd.epoll, Handle(crowd.writers.Lines[i]), Writing | (uint)i);
        return crowd;
    }

    /// <summary>As many messages on their way as that, all the time.</summary>
    public Phase Saturate(int inFlight, TimeSpan length) => Run(length, _ => (long)inFlight * readers.Count - (written * readers.Count - delivered) > 0);

    /// <summary>So many deliveries a second, evenly, whatever becomes of them.</summary>
    public Phase Pace(double deliveriesPerSecond, TimeSpan length)
    {
        var due = 0L;
        var interval = (long)(Stopwatch.Frequency * readers.Count / deliveriesPerSecond);
        return Run(length, now =>
        {
            if (due == 0)
                due = now;
            if (now < due)
                return false;
            due += interval;
            return true;
        });
    }

    /// <summary>Answers what the server asks meanwhile.</summary>
    public void Rest(TimeSpan length)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < length;)
        {
            if (!Hear())
                Thread.Sleep(1);
        }
    }

    public void Dispose()
    {
        readers.ForEach(r => r.Dispose());
        foreach (var line in writers?.Lines ?? [])
            line.Dispose();
        using var closing = new Microsoft.Win32.SafeHandles.SafeFileHandle(epoll, ownsHandle: true);
    }

    private static int Handle(Socket socket) => (int)socket.SafeHandle.DangerousGetHandle();

    private Phase Run(TimeSpan length, Func<long, bool> isDue)
    {
        times.Clear();
        receives = 0;
        var (before, used, heard) = (delivered, target.Server.Processor, written);
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(length.TotalSeconds * Stopwatch.Frequency);
        var idle = 0L;
        for (var now = start; now < end; now = Stopwatch.GetTimestamp())
        {
            while (isDue(now) && writers.TryWrite(Stopwatch.GetTimestamp()))
                written++;
            if (Hear())
                continue;
            if (Sleeps)
                Thread.Sleep(1);
            idle += Stopwatch.GetTimestamp() - now;
        }
        for (var late = Stopwatch.GetTimestamp(); delivered < written * readers.Count && Stopwatch.GetElapsedTime(late) < Patience;)
            Hear();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var processor = (target.Server.Processor - used).TotalSeconds;
        var missing = written * readers.Count - delivered;
        var phase = new Phase
        {
            Messages = (written - heard) / seconds,
            Deliveries = (delivered - before) / seconds,
            ProcessorPerMillion = processor / (delivered - before) * 1e6,
            ServerBusy = processor / seconds,
            LoadBusy = 1 - idle / (seconds * Stopwatch.Frequency),
            PerReceive = (delivered - before) / (double)Math.Max(1, receives),
            Missing = missing,
            Broken = walks.Count(w => w.IsBroken),
            Times = new Percentiles(times),
        };
        delivered += missing; // the next part counts its own alone
        return phase;
    }

    /// <summary>Reads whatever there is. False where there was nothing.</summary>
    private bool Hear()
    {
        var count = Linux.Poll(epoll, ready);
        for (var i = 0; i < count; i++)
        {
            var number = ready[i].Number;
            if (number >= Writing)
                writers.Hear((int)number);
            else
                Read((int)number);
        }
        return count > 0;
    }

    private void Read(int reader)
    {
        while (true)
        {
            var read = Linux.Receive(handles[reader], buffer);
            if (read == 0)
                throw new LoadException("The server closed a reader's socket.");
            if (read < 0)
                return;
            receives++;
            var came = buffer.AsSpan(0, read);
            bytes += read;
            delivered += came.Count(Target.Mark);
            walks[reader].Walk(came, answers[reader]);
            if (reader % every == 0)
                See(came);
            if (read < buffer.Length)
                return;
        }
    }

    private void See(ReadOnlySpan<byte> came)
    {
        var now = Stopwatch.GetTimestamp();
        for (var at = came.IndexOf(Target.StampMark); at >= 0 && at + Target.StampMark.Length + Target.StampLength <= came.Length; at = came.IndexOf(Target.StampMark))
        {
            came = came[(at + Target.StampMark.Length)..];
            if (Utf8Parser.TryParse(came[..Target.StampLength], out long stamp, out _, 'x'))
                times.Add(Stopwatch.GetElapsedTime(stamp, now).TotalMilliseconds);
        }
    }
}

/// <summary>What one part of a run was like.</summary>
internal sealed record Phase
{
    /// <summary>A second.</summary>
    public required double Messages { get; init; }
    /// <summary>A second.</summary>
    public required double Deliveries { get; init; }
    /// <summary>Seconds of the server's processor for a million deliveries.</summary>
    public required double ProcessorPerMillion { get; init; }
    /// <summary>Of one processor.</summary>
    public required double ServerBusy { get; init; }
    /// <summary>Of one processor; near 1 the load, and not the server, was the limit.</summary>
    public required double LoadBusy { get; init; }
    /// <summary>Deliveries that one read of a socket took.</summary>
    public required double PerReceive { get; init; }
    public required long Missing { get; init; }
    /// <summary>Sockets on which the protocol was broken.</summary>
    public required int Broken { get; init; }
    /// <summary>From sending to receiving, in milliseconds.</summary>
    public required Percentiles Times { get; init; }
}

/// <summary>Where half, 99 and 99.9 of a hundred lie.</summary>
internal sealed record Percentiles
{
    public Percentiles(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        double At(double share) => sorted.Length == 0 ? 0 : sorted[(int)(share * (sorted.Length - 1))];
        (P50, P99, P999) = (At(.5), At(.99), At(.999));
    }

    public double P50 { get; }
    public double P99 { get; }
    public double P999 { get; }
}
