using System.Diagnostics;
using WebChat.Load.Lines;
using WebChat.Load.Peers;

namespace WebChat.Load;

/// <summary>
/// How many posts a second are stored durably, with so many people who each wait for an answer before the next; and how many the same server answers that
/// hold nothing, so that all that is left is HTTP, the sign-in and the form's token. In turns.
/// </summary>
internal sealed class Posts
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20); // for so long the runtime compiles what posts need, on the one processor that takes them

    public required DirectoryInfo WebChat { get; init; }
    public required int Senders { get; init; }
    public required int Rounds { get; init; }
    public required TimeSpan Length { get; init; }

    public async Task<int> RunAsync(FileInfo? json, CancellationToken cancel)
    {
        var data = Directory.CreateTempSubdirectory("webchat-posts-");
        var senders = new List<Sender>();
        try
        {
            using var house = await House.OpenAsync(await PeerWorkshop.StartHouseAsync(WebChat, data, Compare.Pin(), cancel), data, Senders, textLength: 100);
            for (var i = 0; i < Senders; i++)
                senders.Add(await house.SenderAsync(i, cancel));
            await RunAsync(house.Server, senders, s => s.PostAsync(cancel), WarmUp);
            await RunAsync(house.Server, senders, s => s.PostNothingAsync(cancel), WarmUp / 4);
            var (stored, empty) = (new List<Part>(), new List<Part>());
            for (var round = 0; round < Rounds; round++)
            {
                stored.Add(await RunAsync(house.Server, senders, s => s.PostAsync(cancel), Length));
                empty.Add(await RunAsync(house.Server, senders, s => s.PostNothingAsync(cancel), Length));
            }
            var report = new Report();
            report.Add("posts stored in a second", Median(stored.Select(p => p.PerSecond)), "");
            report.Add("empty posts answered in a second", Median(empty.Select(p => p.PerSecond)), "");
            report.Add("ratio", Median(stored.Select(p => p.PerSecond)) / Median(empty.Select(p => p.PerSecond)), "");
            report.Add("processor for a stored post", Median(stored.Select(p => p.Microseconds)), "us");
            report.Add("processor for an empty post", Median(empty.Select(p => p.Microseconds)), "us");
            await report.PrintAsync(json);
            return 0;
        }
        finally
        {
            senders.ForEach(s => s.Dispose());
            data.Delete(recursive: true);
        }
    }

    private static async Task<Part> RunAsync(Server server, List<Sender> senders, Func<Sender, Task> act, TimeSpan length)
    {
        var (start, used) = (Stopwatch.GetTimestamp(), server.Processor);
        var counts = await Task.WhenAll(senders.Select(async sender =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(start) < length; count++)
                await act(sender);
            return count;
        }));
        return new Part(counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds, (server.Processor - used).TotalMicroseconds / counts.Sum());
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    /// <summary>What came of some seconds.</summary>
    /// <param name="PerSecond">Posts that were answered in one second.</param>
    /// <param name="Microseconds">Of the server's processor, for one of them.</param>
    private sealed record Part(double PerSecond, double Microseconds);
}
