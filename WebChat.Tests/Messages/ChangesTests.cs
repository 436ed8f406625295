using System.Net;
using System.Text.Json;

namespace WebChat.Tests.Messages;

public sealed class ChangesTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task What_becomes_of_a_message_reaches_the_other_with_a_higher_rev_and_an_outsider_never()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann1", "ben1");
        using var cas = await app.SignUpAsync("cas1");
        await using var bens = await ben.ConnectAsync();
        await using var cass = await cas.ConnectAsync();
        await bens.OpenAsync(room);
        await cass.OpenAsync(room);
        var seq = await ann.SayAsync(room, "first words");
        await bens.NextMessageAsync(room, seq);

        var revs = new List<long>();
        foreach (var (what, field) in new[] { ("edit", ("content", "secret second words")), ("reactions", ("emoji", "👍")), ("pin", ("", "")), ("recall", ("", "")) })
        {
            var answer = await ann.ActAsync(room, seq, what, field);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            revs.Add(json.RootElement.GetProperty("rev").GetInt64());
            await bens.NextAsync(f => f.Contains($"id=\"m-{room}-{seq}\" data-seq=\"{seq}\" data-rev=\"{revs[^1]}\"", StringComparison.Ordinal));
        }

        Assert.Equal(revs.Order(), revs);
        await cass.RoundTripAsync();
        Assert.DoesNotContain(cass.All, f => f.Contains("second words", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tab_that_was_away_gets_what_became_of_messages()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann2", "ben2");
        var (one, two) = (await ann.SayAsync(room, "one"), await ann.SayAsync(room, "two"));
        var rev = long.Parse((await ben.GetPageAsync($"/rooms/{room}")).QuerySelector("[role=log]")!.GetAttribute("data-rev")!);
        await ann.ActAsync(room, one, "edit", ("content", "one, in other words"));
        await ann.ActAsync(room, two, "recall");

        await using var bens = await ben.ConnectAsync();
        await bens.SendAsync($$"""{"room":"{{room}}","rev":{{rev}}}""");
        var missed = await bens.NextAsync(f => f.Contains("caught-up", StringComparison.Ordinal));

        Assert.Contains(bens.All, f => f.Contains("one, in other words", StringComparison.Ordinal) && f.Contains("Message recalled", StringComparison.Ordinal));
        Assert.NotNull(missed);
    }

    [Fact]
    public async Task Anothers_message_is_neither_edited_nor_recalled_and_a_foreign_one_answers_as_an_unknown_one()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann3", "ben3");
        using var cas = await app.SignUpAsync("cas3");
        var seq = await ann.SayAsync(room, "hers");

        Assert.Equal(HttpStatusCode.Forbidden, (await ben.ActAsync(room, seq, "edit", ("content", "his"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await ben.ActAsync(room, seq, "recall")).StatusCode);
        foreach (var what in new[] { "edit", "recall", "reactions", "pin" })
        {
            var foreign = await cas.ActAsync(room, seq, what, ("content", "x"), ("emoji", "👍"));
            var unknown = await cas.ActAsync(999_999_999, seq, what, ("content", "x"), ("emoji", "👍"));
            Assert.Equal((HttpStatusCode.NotFound, await unknown.Content.ReadAsStringAsync()), (foreign.StatusCode, await foreign.Content.ReadAsStringAsync()));
        }
        foreach (var page in new[] { $"/rooms/{room}/messages/{seq}", $"/rooms/{room}/messages/{seq}/edit", $"/rooms/{room}/messages/{seq}/readers", $"/rooms/{room}/pinned" })
            Assert.Equal(HttpStatusCode.NotFound, (await cas.Http.GetAsync(page)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync($"/rooms/{room}/messages/{seq}/readers")).StatusCode);
        Assert.Contains("hers", (await ann.GetPageAsync($"/rooms/{room}")).QuerySelector($"#m-{room}-{seq}")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ok")]
    [InlineData("👍👍")]
    [InlineData("<b>")]
    [InlineData("👍\u202E")]
    public async Task What_is_no_emoji_is_no_reaction(string emoji)
    {
        var (ann, _, room) = await app.FriendsAsync("ann" + Guid.NewGuid().ToString("N")[..8], "ben" + Guid.NewGuid().ToString("N")[..8]);
        var seq = await ann.SayAsync(room, "hers");

        Assert.Equal(HttpStatusCode.BadRequest, (await ann.ActAsync(room, seq, "reactions", ("emoji", emoji))).StatusCode);
    }

    [Theory]
    [InlineData("👍🏽")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("❤️")]
    [InlineData("🏴󠁧󠁢󠁳󠁣󠁴󠁿")]
    [InlineData("🇨🇳")]
    [InlineData("1️⃣")]
    public async Task Every_emoji_is_a_reaction(string emoji)
    {
        var (ann, _, room) = await app.FriendsAsync("ann" + Guid.NewGuid().ToString("N")[..8], "ben" + Guid.NewGuid().ToString("N")[..8]);
        var seq = await ann.SayAsync(room, "hers");

        Assert.Equal(HttpStatusCode.OK, (await ann.ActAsync(room, seq, "reactions", ("emoji", emoji))).StatusCode);
        Assert.Equal($"{emoji} 1", (await ann.GetPageAsync($"/rooms/{room}")).QuerySelector($"#m-{room}-{seq} .reaction")!.TextContent);
    }

    [Fact]
    public async Task Without_scripts_a_page_offers_what_one_may_do_to_a_message_and_it_works()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann5", "ben5");
        var seq = await ann.SayAsync(room, "by hand");
        var page = $"/rooms/{room}/messages/{seq}";

        await ben.SubmitAsync(page, "👍");
        await ben.SubmitAsync($"/rooms/{room}", "👍 1");
        await ben.SubmitAsync(page, "🎉");
        await ann.SubmitAsync(page, "Pin");
        await ann.SubmitAsync($"{page}/edit", "Save", ("Edit message", "by two hands"));
        await ben.SubmitAsync($"/rooms/{room}?reply={seq}", "Send", ("Message", "indeed"));

        var read = await ben.GetPageAsync($"/rooms/{room}");
        Assert.Equal(["🎉 1"], read.QuerySelectorAll(".reaction").Select(r => r.TextContent));
        Assert.Contains("by two hands", read.QuerySelector("#pinned")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("by two hands", read.QuerySelector(".quote")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain((await ben.GetPageAsync(page)).QuerySelectorAll("button"), b => b.TextContent is "Recall" or "Edit");

        await ann.SubmitAsync(page, "Recall");
        Assert.Contains("Message recalled", (await ben.GetPageAsync($"/rooms/{room}")).QuerySelector($"#m-{room}-{seq}")!.TextContent, StringComparison.Ordinal);
    }
}
