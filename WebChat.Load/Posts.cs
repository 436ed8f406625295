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
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

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
            await PerSecondAsync(senders, s => s.PostAsync(cancel), WarmUp);
            await PerSecondAsync(senders, s => s.PostNothingAsync(cancel), WarmUp / 2);
            var (stored, empty) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                stored.Add(await PerSecondAsync(senders, s => s.PostAsync(cancel), Length));
                empty.Add(await PerSecondAsync(senders, s => s.PostNothingAsync(cancel), Length));
            }
            var report = new Report();
            report.Add("posts stored in a second", Median(stored), "");
            report.Add("empty posts answered in a second", Median(empty), "");
            report.Add("ratio", Median(stored) / Median(empty), "");
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
            senders.ForEach(s => s.Dispose());
            data.Delete(recursive: true);
        }
    }

    private static async Task<double> PerSecondAsync(List<Sender> senders, Func<Sender, Task> act, TimeSpan length)
    {
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(senders.Select(async sender =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(start) < length; count++)
                await act(sender);
            return count;
        }));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
