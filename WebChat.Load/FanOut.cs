using System.Collections.Concurrent;
using System.Diagnostics;

namespace WebChat.Load;

/// <summary>Many sockets read the lobby while some of their owners post: paced first, then as fast as the messages arrive.</summary>
internal sealed class FanOut
{
    private const int MostWatched = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<long, Voyage> voyages = new();
    private readonly ConcurrentQueue<double> times = new();
    private readonly List<ReaderSocket> sockets = [];
    private readonly List<Visitor> visitors = [];
    private long room;
    private long posted;
    private int watched;

    public required Uri Server { get; init; }
    public required DirectoryInfo Data { get; init; }
    public required ServerProcess? Process { get; init; }
    public required int Readers { get; init; }
    public required int Accounts { get; init; }
    public required int InFlight { get; init; }
    public required int Rate { get; init; }
    public required TimeSpan Length { get; init; }
    public required int MessageSize { get; init; }

    public async Task<int> RunAsync(FileInfo? json, CancellationToken cancel)
    {
        try
        {
            var report = new Report();
            await GatherAsync(report, cancel);
            await PhaseAsync("warm-up", new Report(), TimeSpan.FromSeconds(3), SaturateAsync, cancel);
            await PhaseAsync($"{Rate} messages/s", report, Length, PaceAsync, cancel);
            await PhaseAsync("saturated", report, Length, SaturateAsync, cancel);
            if (Process is not null)
                report.Add("server memory at the end", Process.Read().Memory / 1024, "MiB");
            report.Add("messages out of order", sockets.Sum(s => s.Gaps), "");
            report.Add("sockets the server closed", sockets.Count(s => s.Closed != 0), "");
            await report.PrintAsync(json);
            return 0;
        }
        catch (LoadException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
            visitors.ForEach(v => v.Dispose());
        }
    }

    private async Task GatherAsync(Report report, CancellationToken cancel)
    {
        for (var i = 0; i < Accounts; i++)
            visitors.Add(await Visitor.ComeAsync(Server, Data, $"load-{i:000}"));
        var rev = 0L;
        foreach (var visitor in visitors)
            (room, rev) = await visitor.LobbyAsync();
        var before = Process?.Read().Memory ?? 0;
        var start = Stopwatch.GetTimestamp();
        var every = Math.Max(1, Readers / MostWatched);
        watched = (Readers + every - 1) / every;
        for (var i = 0; i < Readers; i++)
            sockets.Add(await ReaderSocket.OpenAsync(Server, visitors[i % visitors.Count], room, rev, i % every == 0 ? See : null, cancel));
        report.Add("readers", Readers, "");
        report.Add("handshakes", Readers / Stopwatch.GetElapsedTime(start).TotalSeconds, "/s");
        if (Process is null)
            return;
        report.Add("server memory before", before / 1024, "MiB");
        report.Add("server memory per connection", (Process.Read().Memory - before) / Readers, "KiB");
    }

    private async Task PhaseAsync(string name, Report report, TimeSpan length, Func<TimeSpan, CancellationToken, Task> send, CancellationToken cancel)
    {
        times.Clear();
        var (messages, delivered, processor) = (posted, sockets.Sum(s => s.Deliveries), Process?.Read().Processor);
        var start = Stopwatch.GetTimestamp();
        await send(length, cancel);
        var late = Stopwatch.GetTimestamp();
        while (sockets.Sum(s => s.Deliveries) < posted * Readers && Stopwatch.GetElapsedTime(late) < Patience)
            await Task.Delay(5, cancel);

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var deliveries = sockets.Sum(s => s.Deliveries) - delivered;
        report.Add($"{name}: messages", (posted - messages) / seconds, "/s");
        report.Add($"{name}: deliveries", deliveries / seconds, "/s");
        if (Process is not null && processor is { } used)
            report.Add($"{name}: deliveries per processor second of the server", deliveries / (Process.Read().Processor - used).TotalSeconds, "");
        report.AddTimes($"{name}: send to receive", times);
        report.Add($"{name}: deliveries missing", posted * Readers - sockets.Sum(s => s.Deliveries), "");
    }

    private async Task PaceAsync(TimeSpan length, CancellationToken cancel)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / Rate));
        var under = new List<Task>();
        for (var left = (int)(length.TotalSeconds * Rate); left > 0 && await pace.WaitForNextTickAsync(cancel); left--)
            under.Add(SendAsync(visitors[left % visitors.Count], cancel));
        await Task.WhenAll(under);
    }

    private Task SaturateAsync(TimeSpan length, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, InFlight).Select(async i =>
        {
            while (Stopwatch.GetElapsedTime(start) < length)
                await SendAsync(visitors[i % visitors.Count], cancel);
        }));
    }

    /// <summary>Posts one message, and waits until it is committed and every watched socket has it.</summary>
    private async Task SendAsync(Visitor visitor, CancellationToken cancel)
    {
        var voyage = new Voyage(watched);
        var stamp = Stopwatch.GetTimestamp();
        while (!voyages.TryAdd(stamp, voyage))
            stamp++;
        await visitor.PostAsync(room, ReaderSocket.Stamp(stamp).PadRight(MessageSize, 'x'), cancel);
        Interlocked.Increment(ref posted);
        try
        {
            await voyage.Arrived.WaitAsync(Patience, cancel);
        }
        catch (TimeoutException)
        {
            throw new LoadException($"A message did not reach all watched sockets within {Patience.TotalSeconds} s; {sockets.Count(s => s.Closed != 0)} sockets were closed ({string.Join(", ", sockets.Select(s => s.Closed).Where(c => c != 0).Distinct())}).");
        }
        voyages.TryRemove(stamp, out _);
    }

    private void See(long stamp)
    {
        times.Enqueue(Stopwatch.GetElapsedTime(stamp).TotalMilliseconds);
        if (voyages.TryGetValue(stamp, out var voyage))
            voyage.Land();
    }

    /// <summary>A message under way to the watched sockets.</summary>
    private sealed class Voyage(int awaited)
    {
        private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int left = awaited;

        public Task Arrived => arrived.Task;

        public void Land()
        {
            if (Interlocked.Decrement(ref left) == 0)
                arrived.SetResult();
        }
    }
}
