using System.Globalization;
using WebChat.Load.Lines;
using WebChat.Load.Peers;

namespace WebChat.Load;

/// <summary>Whether a server that is busy for long holds ever more memory: people read and write at an even pace, and tabs come and go.</summary>
internal sealed class Soak
{
    private const int People = 50, InFlight = 32, ComeAndGo = 50;

    /// <summary>Until then whatever is compiled, loaded and pooled counts as the beginning.</summary>
    private static readonly TimeSpan Beginning = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Part = TimeSpan.FromSeconds(20);

    public required DirectoryInfo WebChat { get; init; }
    public required int Readers { get; init; }
    public required int Minutes { get; init; }
    public required double Rate { get; init; }

    public async Task<int> RunAsync(FileInfo? json, CancellationToken cancel)
    {
        if (TimeSpan.FromMinutes(Minutes) < Beginning + 2 * Part)
        {
            await Console.Error.WriteLineAsync($"The first {Beginning.TotalMinutes} minutes count as the beginning: it has to last longer.");
            return 1;
        }
        var data = Directory.CreateTempSubdirectory("webchat-soak-");
        try
        {
            using var house = await House.OpenAsync(await PeerWorkshop.StartHouseAsync(WebChat, data, Compare.Pin(), cancel), data, People, textLength: 100);
            using var crowd = await Crowd.GatherAsync(house, Readers, InFlight, _ => Task.CompletedTask, cancel);
            crowd.Sleeps = true;
            var memory = new List<(TimeSpan At, double MiB)>();
            for (var at = TimeSpan.Zero; at < TimeSpan.FromMinutes(Minutes); at += Part)
            {
                crowd.Pace(Rate, Part);
                for (var i = 0; i < ComeAndGo; i++)
                    (await house.OpenAsync(i, cancel)).Dispose();
                memory.Add((at + Part, await house.Server.MemoryAsync(cancel) / 1048576.0));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{memory[^1].At:mm\\:ss}  {memory[^1].MiB:N1} MiB"));
            }
            // Of single readings some are taken before what was collected has been given back: halves of the time are compared.
            var later = memory.Where(m => m.At > Beginning).Select(m => m.MiB).ToList();
            var (first, second) = (later.Take(later.Count / 2).Average(), later.Skip(later.Count / 2).Average());
            var report = new Report();
            report.Add("memory after the first minutes", later[0], "MiB");
            report.Add("most after that", later.Max(), "MiB");
            report.Add("at the end", later[^1], "MiB");
            report.Add("second half beside the first", second / first, "");
            await report.PrintAsync(json);
            return 0;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
