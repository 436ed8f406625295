using System.Diagnostics;
using System.Text.RegularExpressions;

namespace WebChat.Load;

/// <summary>Asks for the same pages of results in turns, as somebody who is in many rooms does. The words are those that <c>WebChat seed</c> writes.</summary>
internal sealed partial class Search
{
    private static readonly TimeSpan IndexedWithin = TimeSpan.FromMinutes(20);

    private static readonly (string Name, string Query)[] Searches =
    [
        ("the page alone, before anything is looked for", ""),
        ("the commonest word", "q=the"),
        ("a beginning of many words", "q=mar"),
        ("a word in thirty messages of a million", "q=ulyarul"),
        ("a word that was never said", "q=xylograph"),
        ("three common words", "q=tide+harbour+boots"),
        ("a common word and a rare one", "q=the+ulyarul"),
        ("two Chinese characters", "q=%E6%88%91%E4%BB%AC"),
        ("one Chinese character", "q=%E7%9A%84"),
        ("two that rarely stand together", "q=%E8%A5%BF%E4%B8%9C"),
        ("words of one person", "q=tide&by=cas2"),
        ("all of one person", "by=cas2"),
    ];

    public required Uri Server { get; init; }
    public required string Account { get; init; }
    public required string Password { get; init; }
    public required int Rounds { get; init; }

    public async Task<int> RunAsync(FileInfo? json, CancellationToken cancel)
    {
        try
        {
            using var visitor = await Visitor.ComeBackAsync(Server, Account, Password);
            await WaitForIndexAsync(visitor, cancel);
            var year = DateTimeOffset.UtcNow.AddDays(-183);
            var searches = Searches
                .Append(("the commonest word, of one day half a year ago", $"q=the&from={year:yyyy-MM-dd}&to={year:yyyy-MM-dd}"))
                .Append(("the commonest word, twenty pages back", await BackAsync(visitor, "q=the", 20, cancel))).ToList();
            var times = searches.ConvertAll(_ => new List<double>());
            for (var round = -2; round < Rounds; round++) // the first two only warm
            {
                for (var i = 0; i < searches.Count; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    await PageAsync(visitor, searches[i].Item2, cancel);
                    if (round >= 0)
                        times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
            var report = new Report();
            for (var i = 0; i < searches.Count; i++)
                report.AddTimes(searches[i].Item1, times[i]);
            await report.PrintAsync(json);
            return 0;
        }
        catch (LoadException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    /// <summary>After seeding, the server writes its index of words beside all else: some minutes for a million messages.</summary>
    private static async Task WaitForIndexAsync(Visitor visitor, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while ((await PageAsync(visitor, "q=the", cancel)).Contains("being made ready", StringComparison.Ordinal))
        {
            if (Stopwatch.GetElapsedTime(start) > IndexedWithin)
                throw new LoadException("The server has not read all messages into its index yet.");
            await Task.Delay(TimeSpan.FromSeconds(2), cancel);
        }
    }

    /// <summary>The query of the page so many further on.</summary>
    private static async Task<string> BackAsync(Visitor visitor, string query, int pages, CancellationToken cancel)
    {
        for (var i = 0; i < pages && Older().Match(await PageAsync(visitor, query, cancel)) is { Success: true } older; i++)
            query = older.Groups["query"].Value.Replace("&amp;", "&", StringComparison.Ordinal);
        return query;
    }

    private static async Task<string> PageAsync(Visitor visitor, string query, CancellationToken cancel)
    {
        using var answer = await visitor.Http.GetAsync($"/search?{query}", cancel);
        var page = await answer.Content.ReadAsStringAsync(cancel);
        return answer.IsSuccessStatusCode && !page.Contains("class=\"error\"", StringComparison.Ordinal)
            ? page : throw new LoadException($"/search?{query} was refused. Is the server started with WebChat__Limits__SearchesPerMinute=0?");
    }

    [GeneratedRegex(@"href=""[^""?]*\?(?<query>[^""]*before=[^""]*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Older();
}
