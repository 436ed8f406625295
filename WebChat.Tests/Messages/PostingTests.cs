using System.Net;
using System.Text.Json;

namespace WebChat.Tests.Messages;

public sealed class PostingTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Asking_for_a_rooms_head_alone_reads_nothing()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann" + Guid.NewGuid().ToString("N")[..8], "ben" + Guid.NewGuid().ToString("N")[..8]);
        await ann.SayAsync(room, "unread");
        using var head = new HttpRequestMessage(HttpMethod.Head, $"/rooms/{room}");

        await ben.Http.SendAsync(head);

        Assert.NotNull((await ben.GetPageAsync("/rooms")).QuerySelector($"li[data-room='{room}'] .badge"));
    }

    [Fact]
    public async Task A_message_of_which_nothing_is_seen_is_none()
    {
        using var ann = await app.SignUpAsync("ann" + Guid.NewGuid().ToString("N")[..8]);
        var lobby = await LobbyAsync(ann);

        foreach (var nothing in new[] { "\u200B", "\u3164", " \u2800\n\uFE0F" })
            Assert.Equal(HttpStatusCode.BadRequest, (await ann.PostMessageAsync(lobby, nothing)).StatusCode);
    }

    [Fact]
    public async Task A_post_is_answered_with_its_place_and_reaches_the_other_and_not_an_outsider()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann1", "ben1");
        var cas = await app.SignUpAsync("cas1");
        await using var bens = await ben.ConnectAsync();
        await using var cass = await cas.ConnectAsync();
        await bens.OpenAsync(room);
        await cass.OpenAsync(room);

        var seq = await ann.SayAsync(room, "Good morning");

        Assert.Contains("Good morning", await bens.NextMessageAsync(room, seq), StringComparison.Ordinal);
        await cass.RoundTripAsync();
        Assert.Contains(cass.All, f => f.Contains("unknown-room", StringComparison.Ordinal));
        Assert.DoesNotContain(cass.All, f => f.Contains("Good morning", StringComparison.Ordinal));
        Assert.Contains("Good morning", (await ben.GetPageAsync($"/rooms/{room}")).QuerySelector($"#m-{room}-{seq}")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_of_one_who_has_blocked_the_author_is_told_of_the_message_and_not_that_it_names_them()
    {
        using var ann = await app.SignUpAsync("ann0");
        using var ben = await app.SignUpAsync("ben0");
        using var cas = await app.SignUpAsync("cas0");
        var room = await ann.NewGroupAsync("Harbour");
        foreach (var other in new[] { ben, cas })
            await other.SubmitAsync($"/rooms/find?q={room}", "Join");
        await ben.SubmitAsync("/people/ann0/block", "Block");
        await using var bens = await ben.ConnectAsync();
        await using var cass = await cas.ConnectAsync();

        await ann.SayAsync(room, "@ben0 and @cas0");

        Assert.DoesNotContain("calls", await HeadAsync(bens), StringComparison.Ordinal);
        Assert.Contains("calls", await HeadAsync(cass), StringComparison.Ordinal);

        static Task<string> HeadAsync(LiveSocket tab) => tab.NextAsync(f => f.StartsWith("{\"head\"", StringComparison.Ordinal) && f.Contains("@ben0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_client_id_a_hundred_times_at_once_is_one_message_and_a_hundred_equal_answers()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann2", "ben2");
        var token = await ann.TokenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => ann.PostMessageAsync(room, "only once", "the-same", token)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.Single(await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync())).ContinueWith(t => t.Result.Distinct(), TaskScheduler.Default));
        Assert.Single((await ben.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article"), a => a.TextContent.Contains("only once", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_id_used_for_other_words_or_another_room_is_refused_and_nothing_is_stored()
    {
        var (ann, _, room) = await app.FriendsAsync("ann3", "ben3");
        var lobby = await LobbyAsync(ann);
        await ann.PostMessageAsync(room, "first", "mine-3");

        Assert.Equal(HttpStatusCode.Conflict, (await ann.PostMessageAsync(room, "second", "mine-3")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await ann.PostMessageAsync(lobby, "first", "mine-3")).StatusCode);
        Assert.DoesNotContain("second", (await ann.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_room_answers_as_an_unknown_one_to_the_byte()
    {
        var (_, _, room) = await app.FriendsAsync("ann4", "ben4");
        var cas = await app.SignUpAsync("cas4");
        var token = await cas.TokenAsync();

        var foreign = await cas.PostMessageAsync(room, "let me in", token: token);
        var unknown = await cas.PostMessageAsync(1, "let me in", token: token);

        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(await unknown.Content.ReadAsStringAsync(), await foreign.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await cas.Http.GetAsync($"/rooms/{room}")).StatusCode);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("99999999999999999999")]
    [InlineData("9223372036854775808")]
    public async Task A_number_that_no_room_has_is_not_found(string number)
    {
        var ann = await app.SignUpAsync("n" + Guid.NewGuid().ToString("N")[..12]);
        var token = await ann.TokenAsync();

        foreach (var part in new[] { "", "/members", "/settings", "/leave", "/dissolve" })
            Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync($"/rooms/{number}{part}")).StatusCode);
        using var words = new FormUrlEncodedContent([new("content", "hello?"), new("client_id", "a"), new("__RequestVerificationToken", token)]);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.PostAsync($"/rooms/{number}/messages", words)).StatusCode);
    }

    [Fact]
    public async Task A_number_with_a_nul_in_it_is_no_address()
    {
        var ann = await app.SignUpAsync("n" + Guid.NewGuid().ToString("N")[..12]);
        Assert.Equal(HttpStatusCode.BadRequest, (await ann.Http.GetAsync("/rooms/1%00")).StatusCode);
    }

    [Fact]
    public async Task Words_that_are_too_many_or_none_come_back_with_a_sentence_and_are_not_lost()
    {
        var ann = await app.SignUpAsync("ann5");
        var lobby = await LobbyAsync(ann);
        var tooLong = new string('x', 4001);

        var none = await ann.PostMessageAsync(lobby, " \n ");
        var long_ = await ann.SubmitAsync($"/rooms/{lobby}", "Send", ("Message", tooLong));

        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        Assert.Equal("Write something first.", JsonDocument.Parse(await none.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, long_.StatusCode);
        var page = await Person.ReadAsync(long_);
        Assert.Equal(tooLong, page.QuerySelector("textarea")!.TextContent.TrimStart('\n'));
        Assert.Contains("4,000", page.QuerySelector("#message-error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Characters_are_counted_as_people_count_them()
    {
        var ann = await app.SignUpAsync("ann6");
        var lobby = await LobbyAsync(ann);
        var families = string.Concat(Enumerable.Repeat("👨‍👩‍👧", 800)); // 800 characters, 6,400 units, 14,400 bytes

        Assert.Equal(HttpStatusCode.OK, (await ann.PostMessageAsync(lobby, families)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ann.PostMessageAsync(lobby, families + families[..1800])).StatusCode); // over 16 KiB
    }

    [Fact]
    public async Task Nothing_that_is_written_becomes_markup()
    {
        var ann = await app.SignUpAsync("ann7");
        var lobby = await LobbyAsync(ann);
        const string nasty = "<script>alert(1)</script><img src=x onerror=alert(1)> javascript:alert(1) data:text/html,<b>x</b> <a href=\"data:text/html,x\">x</a> <a hx-get=/me hx-on:click=x>\"'&";

        var seq = await ann.SayAsync(lobby, nasty);

        var article = (await ann.GetPageAsync($"/rooms/{lobby}")).QuerySelector($"#m-{lobby}-{seq} .bubble")!;
        Assert.Equal(nasty, article.TextContent);
        Assert.Empty(article.QuerySelectorAll("script, img, a, [hx-get]"));
    }

    [Fact]
    public async Task A_post_without_or_with_anothers_token_is_a_bad_request()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann8", "ben8");

        Assert.Equal(HttpStatusCode.BadRequest, (await ann.PostMessageAsync(room, "forged", token: "")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ann.PostMessageAsync(room, "forged", token: await ben.TokenAsync())).StatusCode);
        Assert.DoesNotContain("forged", (await ben.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_posts_are_refused_with_a_time_to_wait_and_nothing_is_stored()
    {
        using var strict = new App(("WebChat:Limits:PostsPerSecond", "3"));
        var ann = await strict.SignUpAsync("ann");
        var lobby = await LobbyAsync(ann);
        var token = await ann.TokenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => ann.PostMessageAsync(lobby, $"fast {i}", token: token)));

        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, r => Assert.NotNull(r.Headers.RetryAfter));
        var stored = (await ann.GetPageAsync($"/rooms/{lobby}")).QuerySelectorAll("article.message").Length;
        Assert.Equal(answers.Length - refused.Count, stored);
    }

    internal static async Task<long> LobbyAsync(Person person) =>
        long.Parse((await person.GetPageAsync("/lobby")).QuerySelector("[role=log]")!.GetAttribute("data-room")!, System.Globalization.CultureInfo.InvariantCulture);
}
