using System.Net;
using WebChat.Messages.Lucky;

namespace WebChat.Tests.Messages.Lucky;

public sealed class LuckyPagesTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Without_scripts_one_sends_it_another_opens_it_and_both_see_who_got_what()
    {
        var (ann, ben, cas, group) = await ThreeAsync("1");

        var sent = await ann.SubmitAsync($"/rooms/{group}/lucky", "Send", ("Points", "90"), ("Shares", "3"), ("Equal", "equal"), ("Greeting", "First one <b>across</b>"));
        Assert.Equal($"/rooms/{group}", sent.Headers.Location!.OriginalString);
        var room = await ben.GetPageAsync($"/rooms/{group}");
        Assert.Equal("First one <b>across</b>", room.QuerySelector(".lucky .title")!.TextContent);
        Assert.Equal("Lucky money, 90 points3 of 3 left", room.QuerySelector(".lucky .kind")!.TextContent);
        Assert.True(room.QuerySelector(".lucky .got")!.HasAttribute("hidden"));
        var seq = long.Parse(room.QuerySelector("article:has(.lucky)")!.GetAttribute("data-seq")!);

        var opened = await ben.SubmitAsync(room, "Open");
        Assert.Equal($"/rooms/{group}?around={seq}", opened.Headers.Location!.OriginalString);
        room = await ben.FollowAsync(opened);
        Assert.Equal("You got 30 points", room.QuerySelector(".lucky .got:not([hidden])")!.TextContent);
        Assert.True(room.QuerySelector(".lucky .open")!.HasAttribute("hidden"));

        var list = await cas.GetPageAsync($"/rooms/{group}/messages/{seq}/open");
        Assert.Equal(["ben1 30 points"], list.QuerySelectorAll("ul[aria-labelledby=shares] li").Select(l => $"{l.QuerySelector(".name")!.TextContent} {l.QuerySelector(".number")!.TextContent}"));
        Assert.NotNull(list.QuerySelector(".lucky .open:not([hidden])"));
        Assert.Contains("Lucky money: First one <b>across</b>", (await cas.GetPageAsync("/rooms")).QuerySelector($"li[data-room='{group}']")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("You have 910 points.", (await ann.GetPageAsync($"/rooms/{group}/lucky")).QuerySelector("#points-hint")!.TextContent);
        Assert.Equal("You have 1030 points.", (await ben.GetPageAsync($"/rooms/{group}/lucky")).QuerySelector("#points-hint")!.TextContent);
    }

    [Fact]
    public async Task What_is_wrong_is_said_beside_its_field_and_nothing_is_sent()
    {
        var (ann, _, _, group) = await ThreeAsync("2");
        foreach (var (points, shares, kind, field, sentence) in new[]
        {
            ("0", "1", "random", "points", "Write a whole number, at least 1."),
            ("-5", "1", "random", "points", "Write a whole number, at least 1."),
            ("1.5", "1", "random", "points", "Write a whole number, at least 1."),
            ("99999999999999999999", "1", "random", "points", "Write a whole number, at least 1."),
            ("10", "", "random", "shares", "Write a whole number from 1 to 100."),
            ("200", "101", "random", "shares", "Write a whole number from 1 to 100."),
            ("4", "5", "random", "points", "That is less than one point for each of 5 shares."),
            ("10", "3", "equal", "points", "This cannot be divided into 3 equal shares. 9 points can."),
            ("1001", "1", "random", "points", "You do not have that many points."),
        })
        {
            var answer = await ann.SubmitAsync($"/rooms/{group}/lucky", "Send", ("Points", points), ("Shares", shares), ("Random", kind));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(sentence, (await Person.ReadAsync(answer)).QuerySelector($"#{field}-error")!.TextContent.Trim());
        }
        Assert.Null((await ann.GetPageAsync($"/rooms/{group}")).QuerySelector(".lucky"));
        Assert.Equal(1000, await app.Get<LuckyStore>().BalanceAsync(await ann.IdAsync()));
    }

    [Fact]
    public async Task In_a_direct_room_there_is_one_share_and_its_sender_is_not_offered_it()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann3", "ben3");
        Assert.Null((await ann.GetPageAsync($"/rooms/{room}/lucky")).QuerySelector("[name=Shares]"));

        await ann.SubmitAsync($"/rooms/{room}/lucky", "Send", ("Points", "50"));

        var mine = await ann.GetPageAsync($"/rooms/{room}");
        var seq = long.Parse(mine.QuerySelector("article:has(.lucky)")!.GetAttribute("data-seq")!);
        Assert.True(mine.QuerySelector(".lucky .open")!.HasAttribute("hidden"));
        Assert.Equal("Good luck!", mine.QuerySelector(".lucky .title")!.TextContent);
        Assert.Equal(HttpStatusCode.Forbidden, (await ann.ActAsync(room, seq, "open")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ben.ActAsync(room, seq, "open")).StatusCode);
        Assert.NotNull((await ann.GetPageAsync($"/rooms/{room}")).QuerySelector(".lucky.spent"));
    }

    [Fact]
    public async Task A_foreign_one_answers_as_an_unknown_one_and_what_is_no_money_is_not_opened()
    {
        var (ann, ben, _, group) = await ThreeAsync("4");
        using var eve = await app.SignUpAsync("eve4");
        await ann.SubmitAsync($"/rooms/{group}/lucky", "Send", ("Points", "50"), ("Shares", "2"));
        var text = await ann.SayAsync(group, "no money");
        var seq = text - 1;

        foreach (var (who, room, at) in new[] { (eve, group, seq), (ben, group, text), (ben, group, 9_999L), (ben, group, -1L), (ben, 1L, seq) })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await who.ActAsync(room, at, "open")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await who.Http.GetAsync($"/rooms/{room}/messages/{at}/open")).StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await eve.Http.GetAsync($"/rooms/{group}/lucky")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(eve, group, "50", "2", "foreign")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ben.Http.PostAsync($"/rooms/{group}/messages/{seq}/open", new FormUrlEncodedContent([]))).StatusCode);
        Assert.Equal(1000, await app.Get<LuckyStore>().BalanceAsync(await eve.IdAsync()));
    }

    [Fact]
    public async Task The_same_form_sent_twice_takes_the_points_once_and_other_words_are_refused()
    {
        var (ann, _, _, group) = await ThreeAsync("5");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync(ann, group, "1000", "2", "twice")));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()))).Distinct());
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(ann, group, "999", "2", "twice")).StatusCode);
        Assert.Equal(0, await app.Get<LuckyStore>().BalanceAsync(await ann.IdAsync()));
    }

    [Fact]
    public async Task Opening_reaches_open_tabs_and_one_that_was_away_but_no_outsider()
    {
        var (ann, ben, cas, group) = await ThreeAsync("6");
        using var eve = await app.SignUpAsync("eve6");
        await SendAsync(ann, group, "40", "2", "live");
        var seq = long.Parse((await ann.GetPageAsync($"/rooms/{group}")).QuerySelector("article:has(.lucky)")!.GetAttribute("data-seq")!);
        var rev = long.Parse((await cas.GetPageAsync($"/rooms/{group}")).QuerySelector("[role=log]")!.GetAttribute("data-rev")!);
        await using var anns = await ann.ConnectAsync();
        await using var eves = await eve.ConnectAsync();
        await anns.OpenAsync(group, rev);
        await eves.OpenAsync(group);

        await ben.ActAsync(group, seq, "open");

        var (id, frame) = (await ben.IdAsync(), await anns.NextAsync(f => f.Contains($"id=\"m-{group}-{seq}\"", StringComparison.Ordinal)));
        Assert.Contains($"data-claims=\"{id}:", frame, StringComparison.Ordinal);
        Assert.Contains("1 of 2 left", frame, StringComparison.Ordinal);
        Assert.DoesNotContain("You got 2", frame.Replace("You got {0}", "", StringComparison.Ordinal), StringComparison.Ordinal);
        await using var cass = await cas.ConnectAsync();
        await cass.SendAsync($$"""{"room":"{{group}}","rev":{{rev}}}""");
        await cass.NextAsync(f => f.Contains($"data-claims=\"{id}:", StringComparison.Ordinal));
        await eves.RoundTripAsync();
        Assert.DoesNotContain(eves.All, f => f.Contains("data-claims", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_Chinese_it_is_said_in_Chinese()
    {
        using var ann = await app.SignUpAsync("ann7");
        ann.Http.DefaultRequestHeaders.AcceptLanguage.Clear();
        ann.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        var lobby = long.Parse((await ann.GetPageAsync("/rooms")).QuerySelector("li[data-room]")!.GetAttribute("data-room")!);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(ann, lobby, "8", "1", "zh")).StatusCode);

        var card = (await ann.GetPageAsync($"/rooms/{lobby}")).QuerySelectorAll(".lucky").Last();
        Assert.Equal("恭喜发财！", card.QuerySelector(".title")!.TextContent);
        Assert.Equal("打开", card.QuerySelector(".open")!.TextContent);
    }

    private async Task<(Person Ann, Person Ben, Person Cas, long Group)> ThreeAsync(string mark)
    {
        var (ann, ben, cas) = (await app.SignUpAsync($"ann{mark}"), await app.SignUpAsync($"ben{mark}"), await app.SignUpAsync($"cas{mark}"));
        var group = await ann.NewGroupAsync($"Walkers {mark}");
        await ben.SubmitAsync($"/rooms/find?q={group}", "Join");
        await cas.SubmitAsync($"/rooms/find?q={group}", "Join");
        return (ann, ben, cas, group);
    }

    private static async Task<HttpResponseMessage> SendAsync(Person person, long room, string points, string shares, string clientId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/rooms/{room}/lucky")
        {
            Content = new FormUrlEncodedContent([new("Points", points), new("Shares", shares), new("client_id", clientId)]),
        };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add("RequestVerificationToken", await person.TokenAsync());
        return await person.Http.SendAsync(request);
    }
}
