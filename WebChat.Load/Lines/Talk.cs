using System.Diagnostics;
using System.Net.Sockets;

namespace WebChat.Load.Lines;

/// <summary>
/// Somebody posts at an even pace, whatever becomes of it, and all who are there take what comes: on a thread of its own, so that nobody's
/// coming back stands between a post and its answer here.
/// </summary>
internal sealed class Talk : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly byte[] buffer = GC.AllocateArray<byte>(1 << 16, pinned: true);
    private readonly Linux.Ready[] ready = new Linux.Ready[4096];
    private readonly int epoll = Linux.CreateEpoll();
    private readonly House house;
    private readonly Writers writers;
    private readonly Socket?[] readers;
    private readonly FrameWalk[] walks;
    private readonly Thread thread;
    private readonly Lock gate = new();
    private List<double> times = [];
    private TaskCompletionSource? cutting;
    private volatile bool isOver;
    private long rev;
    private Exception? failure;

    public Talk(House house, Writers writers, int size)
    {
        (this.house, this.writers, readers, walks) = (house, writers, new Socket?[size], new FrameWalk[size]);
        rev = house.Rev;
        writers.Answered = Hear;
        for (var i = 0; i < writers.Lines.Count; i++)
            Linux.Watch(epoll, Handle(writers.Lines[i]), (ulong)(size + i));
        thread = new Thread(Run) { IsBackground = true };
        thread.Start();
    }

    /// <summary>The last change that an answer told of.</summary>
    public long Rev => Volatile.Read(ref rev);

    /// <summary>Listens at a reader's line from here on.</summary>
    public void Add(int number, Socket reader)
    {
        walks[number] = default;
        Volatile.Write(ref readers[number], reader);
        Linux.Watch(epoll, Handle(reader), (ulong)number);
    }

    /// <summary>Cuts every reader's line. By the thread that reads them: the number of one that was closed may be another's the next moment.</summary>
    public Task CutAsync()
    {
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref cutting, cut);
        return cut.Task;
    }

    /// <summary>How long the posts took that were answered since this was asked last, in milliseconds from the moment when each was due.</summary>
    public List<double> Take()
    {
        lock (gate)
        {
            if (failure is not null)
                throw failure;
            var taken = times;
            times = [];
            return taken;
        }
    }

    public void Dispose()
    {
        isOver = true;
        thread.Join();
        foreach (var line in readers.Concat(writers.Lines))
            line?.Dispose();
        using var closing = new Microsoft.Win32.SafeHandles.SafeFileHandle(epoll, ownsHandle: true);
    }

    private static int Handle(Socket socket) => (int)socket.SafeHandle.DangerousGetHandle();

    private void Run()
    {
        try
        {
            for (var due = Stopwatch.GetTimestamp(); !isOver;)
            {
                if (due <= Stopwatch.GetTimestamp() && writers.TryWrite(due))
                    due += (long)(Interval.TotalSeconds * Stopwatch.Frequency);
                var count = Linux.Poll(epoll, ready);
                foreach (var some in ready.AsSpan(0, count))
                    Read((int)some.Number);
                if (Interlocked.Exchange(ref cutting, null) is { } cut)
                    Cut(cut);
                if (count == 0)
                    Thread.Sleep(1);
            }
        }
        catch (Exception error)
        {
            lock (gate)
                failure = error;
        }
    }

    private void Read(int number)
    {
        if (number >= readers.Length)
        {
            writers.Hear(number - readers.Length);
            return;
        }
        if (Volatile.Read(ref readers[number]) is not { } reader)
            return;
        var handle = Handle(reader);
        for (var read = Linux.Receive(handle, buffer); read >= 0; read = Linux.Receive(handle, buffer))
        {
            if (read == 0)
                throw new LoadException("The server closed a reader's socket.");
            walks[number].Walk(buffer.AsSpan(0, read), (opcode, payload) =>
            {
                if (house.Answer(opcode, payload) is { } answer)
                    Linux.Send(handle, answer);
            });
        }
    }

    private void Cut(TaskCompletionSource done)
    {
        for (var i = 0; i < readers.Length; i++)
            Interlocked.Exchange(ref readers[i], null)?.Dispose();
        done.SetResult();
    }

    private void Hear(long due, byte[] answer)
    {
        Volatile.Write(ref rev, Math.Max(rev, House.RevOf(answer)));
        lock (gate)
            times.Add(Stopwatch.GetElapsedTime(due).TotalMilliseconds);
    }
}
