using System.Globalization;

namespace WebChat.Tests.Messages;

public sealed class HistoryTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Pages_are_disjoint_and_together_hold_everything_both_ways()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann1", "ben1");
        var token = await ann.TokenAsync();
        for (var i = 0; i < 120; i++)
            await ann.SayAsync(room, $"line {i}", token);

        var back = new List<long>();
        for (var address = $"/rooms/{room}"; address is not null;)
        {
            var page = await ben.GetPageAsync(address);
            var seqs = Seqs(page);
            Assert.InRange(seqs.Count, 1, 50);
            back.InsertRange(0, seqs);
            address = page.QuerySelectorAll("a").FirstOrDefault(a => a.TextContent == "Older messages")?.GetAttribute("href");
        }
        Assert.Equal(Enumerable.Range(1, 121).Select(i => (long)i), back); // the note that they are friends, and 120

        Assert.Equal(Enumerable.Range(11, 50).Select(i => (long)i), Seqs(await ben.GetPageAsync($"/rooms/{room}?after=10")));
        Assert.Contains(60, Seqs(await ben.GetPageAsync($"/rooms/{room}?around=60")));
    }

    [Fact]
    public async Task Unread_counts_what_came_since_and_opening_the_room_reads_it()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann2", "ben2");
        await ben.GetPageAsync($"/rooms/{room}");
        await ann.SayAsync(room, "one");
        await ann.SayAsync(room, "two");

        Assert.Equal("2 unread", Badge(await ben.GetPageAsync("/rooms"), room));
        Assert.Null(Badge(await ann.GetPageAsync("/rooms"), room));
        var page = await ben.GetPageAsync($"/rooms/{room}");
        Assert.Equal("New messages", page.QuerySelector(".line-new")!.TextContent);
        Assert.Contains("one", page.QuerySelector(".line-new + article")!.TextContent, StringComparison.Ordinal);
        Assert.Null(Badge(await ben.GetPageAsync("/rooms"), room));
    }

    [Fact]
    public async Task Somebody_who_left_a_group_reads_nothing_of_it_any_more()
    {
        var ann = await app.SignUpAsync("ann3");
        var ben = await app.SignUpAsync("ben3");
        await ann.SubmitAsync("/rooms/new", "Create group", ("Name", "Walkers three"));
        var room = long.Parse((await ann.GetPageAsync("/rooms")).QuerySelectorAll("li[data-room]").First(l => l.TextContent.Contains("Walkers three", StringComparison.Ordinal)).GetAttribute("data-room")!, CultureInfo.InvariantCulture);
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
        await using var socket = await ben.ConnectAsync();
        await socket.OpenAsync(room);

        await ben.SubmitAsync($"/rooms/{room}/leave", "Leave group");
        await socket.NextAsync(f => f.Contains("unknown-room", StringComparison.Ordinal));
        await ann.SayAsync(room, "now that he is gone");

        await socket.RoundTripAsync();
        Assert.DoesNotContain(socket.All, f => f.Contains("now that he is gone", StringComparison.Ordinal));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await ben.Http.GetAsync($"/rooms/{room}")).StatusCode);
    }

    private static List<long> Seqs(AngleSharp.Html.Dom.IHtmlDocument page) =>
        page.QuerySelectorAll("article[data-seq]").Select(a => long.Parse(a.GetAttribute("data-seq")!, CultureInfo.InvariantCulture)).ToList();

    private static string? Badge(AngleSharp.Html.Dom.IHtmlDocument page, long room) =>
        page.QuerySelector($"li[data-room='{room}'] .badge")?.TextContent;
}
