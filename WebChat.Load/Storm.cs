using System.Diagnostics;
using System.Globalization;
using WebChat.Load.Lines;
using WebChat.Load.Peers;

namespace WebChat.Load;

/// <summary>Cuts every line at once, as a proxy does that is restarted, and lets all come back as fast as they can while others go on writing.</summary>
internal sealed class Storm
{
    private const int People = 50, Lines = 64;

    /// <summary>Long enough that what the last storm counted has been told.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    public required DirectoryInfo WebChat { get; init; }
    public required int Readers { get; init; }
    /// <summary>How many try to come back at the same time.</summary>
    public required int AtOnce { get; init; }
    public required int Cuts { get; init; }

    public async Task<int> RunAsync(FileInfo? json, CancellationToken cancel)
    {
        var data = Directory.CreateTempSubdirectory("webchat-storm-");
        try
        {
            using var house = await House.OpenAsync(await PeerWorkshop.StartHouseAsync(WebChat, data, Compare.Pin(), cancel), data, People, textLength: 100);
            using var talk = new Talk(house, await house.WritersAsync([], Lines, cancel), Readers);
            await using var reads = await Counting.StartAsync(house.Server.Id, "WebChat", "webchat.missed_reads", cancel);
            await OpenAllAsync(house, talk, house.Rev, cancel);
            talk.Take();
            var (back, before, during, most, changes) = (new List<double>(), new List<double>(), new List<double>(), 0L, 0L);
            for (var i = 0; i < Cuts; i++)
            {
                await Task.Delay(Calm, cancel);
                before.AddRange(talk.Take());
                var (counted, seen) = (reads.Value, talk.Rev);
                var start = Stopwatch.GetTimestamp();
                await talk.CutAsync();
                await OpenAllAsync(house, talk, seen, cancel);
                back.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                var meanwhile = talk.Take();
                during.AddRange(meanwhile);
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{i + 1}/{Cuts} back in {back[^1]:N1} s, {meanwhile.Count} posts"));
                changes = Math.Max(changes, talk.Rev - seen);
                await Task.Delay(Calm, cancel);
                most = Math.Max(most, reads.Value - counted);
                talk.Take();
            }

            var report = new Report();
            report.Add("readers cut at once", Readers, "");
            report.Add("times", Cuts, "");
            report.Add("all are back and have what they missed after, median", back.Order().ElementAt(back.Count / 2), "s");
            report.Add("all are back and have what they missed after, at most", back.Max(), "s");
            report.Add("reads of what was missed, after one cut, at most", most, "");
            report.Add("changes of the room meanwhile, at most", changes, "");
            report.Add("posts before", before.Count, "");
            report.AddTimes("a post before", before);
            report.Add("posts meanwhile", during.Count, "");
            report.AddTimes("a post meanwhile", during);
            report.Add("server memory at the end", await house.Server.MemoryAsync(cancel) / 1048576.0, "MiB");
            await report.PrintAsync(json);
            return 0;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private Task OpenAllAsync(House house, Talk talk, long rev, CancellationToken cancel) =>
        Parallel.ForEachAsync(Enumerable.Range(0, Readers), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (i, end) => talk.Add(i, await house.OpenAsync(i, rev, end)));
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
