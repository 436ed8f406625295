using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace WebChat.Load;

/// <summary>
/// Asks for the same pages in turns, from the request to the last byte, as they are and as a browser asks for them. Two people do, whom <c>WebChat seed</c>
/// has made: the first, who is in the most rooms and has the most friends, and one who is in 200 rooms. The words looked for are those that it writes.
/// </summary>
internal sealed partial class Pages
{
    private const string AsBrowsers = "gzip, deflate, br, zstd";

    private static readonly TimeSpan IndexedWithin = TimeSpan.FromMinutes(20);

    private static readonly (string Name, string Query)[] Searches =
    [
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
    public required string Fewer { get; init; }
    public required string Password { get; init; }
    public required int Rounds { get; init; }

    public async Task<int> RunAsync(FileInfo? json, CancellationToken cancel)
    {
        using var most = await Visitor.ComeBackAsync(Server, Account, Password);
        using var fewer = await Visitor.ComeBackAsync(Server, Fewer, Password);
        using var nobody = new HttpClient { BaseAddress = Server };
        await WaitForIndexAsync(most.Http, cancel);
        List<Measured> pages = [new("sign-in", nobody, "/accounts/sign-in"), .. await OfAsync(most.Http, Account, cancel), .. await OfAsync(fewer.Http, Fewer, cancel)];
        var visitors = new[] { (most.Http, Name: Account), (fewer.Http, Name: Fewer) };
        var day = DateTimeOffset.UtcNow.AddDays(-183).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        pages.AddRange(Searches
            .Append(("the commonest word, of one day half a year ago", $"q=the&from={day}&to={day}"))
            .Append(("the commonest word, twenty pages back", await BackAsync(most.Http, "q=the", 20, cancel)))
            .SelectMany(s => visitors.Select(v => new Measured($"search of {v.Name}: {s.Item1}", v.Http, $"/search?{s.Item2}"))));
        for (var round = -Math.Min(20, Rounds); round < Rounds; round++) // the first only warm
        {
            foreach (var page in pages)
                await page.MeasureAsync(counts: round >= 0, cancel);
        }
        var report = new Report();
        foreach (var page in pages)
            page.Report(report);
        await report.PrintAsync(json);
        return 0;
    }

    /// <summary>What somebody has open all day.</summary>
    private static async Task<List<Measured>> OfAsync(HttpClient http, string account, CancellationToken cancel)
    {
        var list = await http.GetStringAsync("/rooms", cancel);
        var groups = Row().Matches(list).Where(r => !r.Value.Contains("data-direct", StringComparison.Ordinal)).Select(r => r.Groups["room"].Value).ToList();
        var rooms = Row().Count(list);
        foreach (var room in groups)
        {
            var page = await http.GetStringAsync($"/rooms/{room}", cancel);
            if (Message().Count(page) == 50)
                return [.. new[] { ("room", $"/rooms/{room}"), ("list of rooms", "/rooms"), ("contacts", "/contacts"), ("search, before anything is looked for", "/search") }
                    .Select(p => new Measured(string.Create(CultureInfo.InvariantCulture, $"{p.Item1} of {account} ({rooms:N0} rooms)"), http, p.Item2))];
        }
        throw new LoadException($"{account} is in no group with a page of messages. Did WebChat seed write enough of them?");
    }

    /// <summary>After seeding, the server writes its index of words beside all else: some minutes for a million messages.</summary>
    private static async Task WaitForIndexAsync(HttpClient http, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while ((await SearchAsync(http, "q=the", cancel)).Contains("being made ready", StringComparison.Ordinal))
        {
            if (Stopwatch.GetElapsedTime(start) > IndexedWithin)
                throw new LoadException("The server has not read all messages into its index yet.");
            await Task.Delay(TimeSpan.FromSeconds(2), cancel);
        }
    }

    /// <summary>The query of the page so many further on.</summary>
    private static async Task<string> BackAsync(HttpClient http, string query, int pages, CancellationToken cancel)
    {
        for (var i = 0; i < pages && Older().Match(await SearchAsync(http, query, cancel)) is { Success: true } older; i++)
            query = older.Groups["query"].Value.Replace("&amp;", "&", StringComparison.Ordinal);
        return query;
    }

    private static async Task<string> SearchAsync(HttpClient http, string query, CancellationToken cancel)
    {
        using var answer = await http.GetAsync($"/search?{query}", cancel);
        var page = await answer.Content.ReadAsStringAsync(cancel);
        return answer.IsSuccessStatusCode && !page.Contains("class=\"error\"", StringComparison.Ordinal)
            ? page : throw new LoadException($"/search?{query} was refused. Is the server started with WebChat__Limits__SearchesPerMinute=0?");
    }

    [GeneratedRegex(@"href=""[^""?]*\?(?<query>[^""]*before=[^""]*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Older();

    [GeneratedRegex(@"<li data-room=""(?<room>\d+)""[^>]*>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex(@"<article [^>]*data-seq=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Message();

    /// <summary>One page, and how long it took each time, with and without compression.</summary>
    private sealed class Measured(string name, HttpClient http, string address)
    {
        private readonly List<double> plain = [];
        private readonly List<double> compressed = [];
        private int size;
        private int sizeCompressed;

        public async Task MeasureAsync(bool counts, CancellationToken cancel)
        {
            size = await MeasureAsync(null, counts ? plain : null, cancel);
            sizeCompressed = await MeasureAsync(AsBrowsers, counts ? compressed : null, cancel);
        }

        public void Report(Report report)
        {
            report.AddTimes(name, plain);
            report.Add($"{name}, size", size / 1000.0, "kB");
            report.AddTimes($"{name}, compressed", compressed);
            report.Add($"{name}, compressed size", sizeCompressed / 1000.0, "kB");
        }

        private async Task<int> MeasureAsync(string? encodings, List<double>? times, CancellationToken cancel)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (encodings is not null)
                request.Headers.TryAddWithoutValidation("Accept-Encoding", encodings);
            var start = Stopwatch.GetTimestamp();
            using var answer = await http.SendAsync(request, cancel);
            var length = (await answer.Content.ReadAsByteArrayAsync(cancel)).Length;
            times?.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            return answer.IsSuccessStatusCode ? length : throw new LoadException($"{address} was answered {(int)answer.StatusCode}.");
        }
    }
}
