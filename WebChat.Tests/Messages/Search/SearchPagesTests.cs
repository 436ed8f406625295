using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using WebChat.Messages.Search;

namespace WebChat.Tests.Messages.Search;

/// <summary>What the page of search answers to whoever asks whatever.</summary>
public sealed class SearchPagesTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData("%", "it is 100% sure")]
    [InlineData("_", "snake_case")]
    [InlineData("\"", "he said \"no\"")]
    [InlineData("'", "it's")]
    [InlineData("*", "2 * 3")]
    [InlineData("a-b", "say a-b now")]
    public async Task Every_character_is_only_itself(string query, string body)
    {
        using var ann = await app.SignUpAsync(NewName());
        var room = await SayAsync(ann, body, "one sure thing", "c", "say ab now");

        Assert.Equal([body], Results(await FindAsync(ann, $"q={Uri.EscapeDataString(query)}&room={room}")));
    }

    [Theory]
    [InlineData("sure OR snake")]
    [InlineData("sur* NEAR one")]
    [InlineData("body:sure")]
    [InlineData("NOT snake")]
    [InlineData("%sure%")]
    [InlineData("' OR 1=1 --")]
    public async Task Nothing_is_an_operator(string query)
    {
        using var ann = await app.SignUpAsync(NewName());
        var room = await SayAsync(ann, "one sure thing");

        Assert.Equal(["one sure thing"], Results(await FindAsync(ann, $"q=sure&room={room}")));
        Assert.Empty(Results(await FindAsync(ann, $"q={Uri.EscapeDataString(query)}&room={room}")));
    }

    [Fact]
    public async Task From_a_room_one_is_not_in_there_is_no_hit_no_count_and_no_difference_to_none()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var outsider = await app.SignUpAsync(NewName());
        var room = await SayAsync(ann, "the causeway", "the lighthouse");

        var all = await FindAsync(outsider, "q=causeway");
        Assert.Empty(Results(all));
        Assert.Contains("Nothing found", all.Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(Results(await FindAsync(outsider, $"by={ann.Account}")));
        var (foreign, unknown) = (await FindAsync(outsider, $"q=causeway&room={room}"), await FindAsync(outsider, "q=causeway&room=999999998"));
        Assert.Empty(Results(foreign));
        Assert.Equal(Said(unknown), Said(foreign));
        Assert.DoesNotContain($"{room}", Said(foreign), StringComparison.Ordinal);
        Assert.Equal(["the causeway"], Results(await FindAsync(ann, $"q=causeway&room={room}"))); // or nothing of it were proof

        static string Said(IHtmlDocument page) => page.QuerySelector("main")!.TextContent;
    }

    [Theory]
    [InlineData("before=9223372036854775807-9223372036854775807-9223372036854775807", true)]
    [InlineData("before=99999999999999999999-0-0", true)]
    [InlineData("before=-1-0-0", true)]
    [InlineData("before=x", true)]
    [InlineData("before=--", true)]
    [InlineData("before=0-0-0", false)]
    [InlineData("from=0001-01-01&to=9999-12-31", true)]
    [InlineData("to=0001-01-01", false)]
    [InlineData("from=9999-12-31", false)]
    [InlineData("from=2026-13-45", false)]
    [InlineData("room=-1", false)]
    [InlineData("room=99999999999999999999", false)]
    [InlineData("room=1%20OR%201", false)]
    [InlineData("by=%00", null)]
    public async Task Absurd_values_find_what_there_is_or_nothing(string values, bool? isFound)
    {
        using var ann = await app.SignUpAsync(NewName());
        await SayAsync(ann, "the causeway");

        var answer = await ann.Http.GetAsync($"/search?q=causeway&{values}");

        Assert.Equal(isFound is null ? HttpStatusCode.BadRequest : HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(isFound == true ? ["the causeway"] : [], Results(await Person.ReadAsync(answer)));
    }

    [Fact]
    public async Task Who_searches_too_often_waits_and_nobody_else()
    {
        using var own = new App(("WebChat:Limits:SearchesPerMinute", "2"));
        using var ann = await own.SignUpAsync("ann");
        using var ben = await own.SignUpAsync("ben");
        foreach (var address in new[] { "/search?q=one", "/contacts/find?q=two" }) // one count for all that is looked for
            Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync(address)).StatusCode);

        var answer = await ann.Http.GetAsync("/search?q=three");

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.StartsWith("Too many searches. Try again in ", (await Person.ReadAsync(answer)).QuerySelector("#q-error")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync("/search")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ben.Http.GetAsync("/search?q=three")).StatusCode);
    }

    private static string NewName() => "s" + Guid.NewGuid().ToString("N")[..8];

    /// <summary>Makes a group and says all this in it.</summary>
    private async Task<long> SayAsync(Person person, params string[] bodies)
    {
        var room = await person.NewGroupAsync("Walkers");
        foreach (var body in bodies)
            await person.SayAsync(room, body);
        while (await app.Get<SearchIndex>().IndexAsync(room))
        {
        }
        return room;
    }

    private static Task<IHtmlDocument> FindAsync(Person person, string query) => person.GetPageAsync($"/search?{query}");

    private static IEnumerable<string> Results(IHtmlDocument page) => page.QuerySelectorAll(".result > span[dir=auto]").Select(line => line.TextContent.Trim());
}
