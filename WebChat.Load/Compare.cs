using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using WebChat.Load.Lines;
using WebChat.Load.Peers;

namespace WebChat.Load;

/// <summary>
/// WebChat and its peers in turns, so that whatever slows the machine slows all of them: each server alone on one processor, the load alone on
/// another. Peers pass messages on and do nothing else; WebChat stores them durably, renders them and asks for rights.
/// </summary>
internal sealed class Compare
{
    private const int ServerProcessor = 0, LoadProcessor = 1;
    private const int People = 20;

    /// <summary>What the first readers make a server load and compile belongs to none of those who follow: memory is counted from there on, at each server alike.</summary>
    private const int FirstReaders = 100;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    private readonly List<Run> runs = [];
    private int messageSize;

    public required DirectoryInfo WebChat { get; init; }
    public required DirectoryInfo Workshop { get; init; }
    public required IReadOnlyList<string> Servers { get; init; }
    public required IReadOnlyList<int> Readers { get; init; }
    public required int Rounds { get; init; }
    public required TimeSpan Length { get; init; }
    public required double Rate { get; init; }
    public required int TextLength { get; init; }

    public async Task<int> RunAsync(FileInfo? json, CancellationToken cancel)
    {
        Pin();
        var workshop = new PeerWorkshop(Workshop);
        foreach (var round in Enumerable.Range(1, Rounds))
        {
            foreach (var readers in Readers)
            {
                foreach (var server in Servers)
                {
                    var run = await MeasureAsync(workshop, server, readers, cancel);
                    runs.Add(run);
                    await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                        $"{round}/{Rounds} {run.Server,-9} {readers,6:N0} readers: {run.Saturated.Deliveries / 1000,6:N0} thousand/s saturated (server {run.Saturated.ServerBusy:P0}, load {run.Saturated.LoadBusy:P0} busy, {run.Saturated.PerReceive:N1} at once), {run.Few.Deliveries / 1000:N0} with few, light {run.Light.ProcessorPerMillion:N2} s a million, p99 {run.Light.Times.P99:N2} ms, {run.MemoryPerReader / 1024:N1} KiB each, {run.MessageSize:N0} bytes, {run.Missing} missing, {run.Saturated.Broken} broken"));
                }
            }
        }
        Print();
        if (json is not null)
            await File.WriteAllTextAsync(json.FullName, JsonSerializer.Serialize(runs, JsonSerializerOptions.Web), cancel);
        return 0;
    }

    /// <summary>Keeps this process to the processor of the load.</summary>
    /// <returns>The processor that is for the server.</returns>
    public static int Pin()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
            throw new LoadException("This measures on Linux on x64 alone.");
        using var self = Process.GetCurrentProcess();
        self.ProcessorAffinity = 1 << LoadProcessor;
        return ServerProcessor;
    }

    private async Task<Run> MeasureAsync(PeerWorkshop workshop, string name, int readers, CancellationToken cancel)
    {
        const int few = 4, many = 32;
        var data = Directory.CreateTempSubdirectory("webchat-load-");
        try
        {
            using var target = await workshop.StartAsync(name, ServerProcessor, WebChat, data, People, TextLength, messageSize == 0 ? 700 : messageSize, cancel);
            var (first, before) = (Math.Min(FirstReaders, readers / 2), 0L);
            using var crowd = await Crowd.GatherAsync(target, readers, many, async here => before = here == first ? await target.Server.MemoryAsync(cancel) : before, cancel);
            crowd.Rest(TimeSpan.FromSeconds(1));
            var memory = await target.Server.MemoryAsync(cancel) - before;
            crowd.Saturate(many, WarmUp);
            var light = crowd.Pace(Rate, Length);
            var some = crowd.Saturate(few, Length);
            var run = new Run
            {
                Server = name, Readers = readers, MemoryPerReader = memory / (double)(readers - first),
                Light = light, Few = some, Saturated = crowd.Saturate(many, Length), MessageSize = crowd.BytesPerDelivery,
            };
            if (target is House)
                messageSize = (int)run.MessageSize;
            return run;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private void Print()
    {
        foreach (var readers in Readers)
        {
            Console.WriteLine();
            Console.WriteLine($"{readers.ToString("N0", CultureInfo.InvariantCulture)} readers of one room, medians of {Rounds} rounds");
            Console.WriteLine("server     saturated   few     light: s/million   p50     p99    p99.9 ms   saturated p50   p99 ms   KiB/reader   WebChat saturated, few, light");
            var of = runs.Where(r => r.Readers == readers).GroupBy(r => r.Server, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
            foreach (var server in Servers)
            {
                double Median(string name, Func<Run, double> figure) => of[name].Select(figure).Order().ElementAt(of[name].Count / 2);
                double Ratio(Func<Run, double> figure) => Servers.Contains(PeerWorkshop.House, StringComparer.Ordinal) ? Median(PeerWorkshop.House, figure) / Median(server, figure) : 0;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{server,-9} {Median(server, r => r.Saturated.Deliveries / 1000),8:N0}k {Median(server, r => r.Few.Deliveries / 1000),8:N0}k {Median(server, r => r.Light.ProcessorPerMillion),12:N2} {Median(server, r => r.Light.Times.P50),12:N2} {Median(server, r => r.Light.Times.P99),8:N2} {Median(server, r => r.Light.Times.P999),8:N2} {Median(server, r => r.Saturated.Times.P50),12:N2} {Median(server, r => r.Saturated.Times.P99),9:N2} {Median(server, r => r.MemoryPerReader / 1024),10:N1} {Ratio(r => r.Saturated.Deliveries),14:N2}x {Ratio(r => r.Few.Deliveries),6:N2}x {Ratio(r => r.Light.ProcessorPerMillion),6:N2}x"));
            }
        }
    }

    private sealed record Run
    {
        public required string Server { get; init; }
        public required int Readers { get; init; }
        /// <summary>Bytes that a message took on the line.</summary>
        public required double MessageSize { get; init; }
        /// <summary>Bytes, idle, after a collection of garbage.</summary>
        public required double MemoryPerReader { get; init; }
        public required Phase Light { get; init; }
        /// <summary>Four messages on their way all the time.</summary>
        public required Phase Few { get; init; }
        /// <summary>Thirty-two of them.</summary>
        public required Phase Saturated { get; init; }
        public long Missing => Light.Missing + Few.Missing + Saturated.Missing;
    }
}
