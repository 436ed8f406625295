using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using WebChat.Load.Lines;
using WebChat.Load.Peers;

namespace WebChat.Load;

/// <summary>Cuts every line at once, as a proxy does that is restarted, and lets all come back as fast as they can while others go on writing.</summary>
internal sealed class Storm
{
    private const int People = 50, AtOnce = 256;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    public required DirectoryInfo WebChat { get; init; }
    public required int Readers { get; init; }

    public async Task<int> RunAsync(FileInfo? json, CancellationToken cancel)
    {
        var data = Directory.CreateTempSubdirectory("webchat-storm-");
        var lines = new ConcurrentDictionary<int, Socket>();
        try
        {
            using var house = await House.OpenAsync(await PeerWorkshop.StartHouseAsync(WebChat, data, Compare.Pin(), cancel), data, People, textLength: 100);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            await OpenAllAsync(house, lines, house.Rev, cancel);
            var before = new List<double>();
            var during = new List<double>();
            var (times, rev) = (before, house.Rev);
            var posting = Task.Run(async () =>
            {
                while (!ended.IsCancellationRequested)
                {
                    var start = Stopwatch.GetTimestamp();
                    Volatile.Write(ref rev, await house.PostAsync(cancel));
                    Volatile.Read(ref times).Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    await Task.Delay(Between, cancel);
                }
            }, cancel);
            await Task.Delay(Calm, cancel);

            Volatile.Write(ref times, during);
            foreach (var line in lines.Values)
                line.Dispose();
            var cut = Stopwatch.GetTimestamp();
            var seen = Volatile.Read(ref rev);
            await OpenAllAsync(house, lines, seen, cancel);
            var back = Stopwatch.GetElapsedTime(cut);
            await ended.CancelAsync();
            await posting;

            var report = new Report();
            report.Add("readers cut at once", Readers, "");
            report.Add("all are back and have what they missed after", back.TotalSeconds, "s");
            report.AddTimes("a post before", before);
            report.AddTimes("a post meanwhile", during);
            report.Add("server memory at the end", await house.Server.MemoryAsync(cancel) / 1048576.0, "MiB");
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
            foreach (var line in lines.Values)
                line.Dispose();
            data.Delete(recursive: true);
        }
    }

    private Task OpenAllAsync(House house, ConcurrentDictionary<int, Socket> lines, long rev, CancellationToken cancel) =>
        Parallel.ForEachAsync(Enumerable.Range(0, Readers), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (i, end) => lines[i] = await house.OpenAsync(i, rev, end));
}

/// <summary>From the start of the process until it is ready, with an empty store and with the one it left behind.</summary>
internal sealed class Start
{
    public required DirectoryInfo WebChat { get; init; }
    public required int Rounds { get; init; }

    public async Task<int> RunAsync(FileInfo? json, CancellationToken cancel)
    {
        var (first, again) = (new List<double>(), new List<double>());
        for (var i = 0; i < Rounds; i++)
        {
            var data = Directory.CreateTempSubdirectory("webchat-start-");
            foreach (var times in (List<double>[])[first, again])
            {
                using var server = await PeerWorkshop.StartHouseAsync(WebChat, data, processor: null, cancel);
                times.Add(server.StartedIn.TotalMilliseconds);
            }
            data.Delete(recursive: true);
        }
        var report = new Report();
        report.AddTimes("start to ready, the first time", first);
        report.AddTimes("start to ready, after that", again);
        await report.PrintAsync(json);
        return 0;
    }
}
