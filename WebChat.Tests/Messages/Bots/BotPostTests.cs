using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using WebChat.Shared;

namespace WebChat.Tests.Messages.Bots;

/// <summary>What bots say: by HTTP with their token, in their group and nowhere else.</summary>
public sealed class BotPostTests : IAsyncLifetime
{
    private Kitchen kitchen = null!;
    private App app = null!;
    private Person ann = null!;
    private long room;

    public async Task InitializeAsync()
    {
        kitchen = await Kitchen.OpenAsync();
        (app, ann, room) = (kitchen.App, kitchen.Ann, kitchen.Room);
    }

    public async Task DisposeAsync() => await kitchen.DisposeAsync();

    [Fact]
    public async Task A_bot_posts_by_its_token_as_JSON_or_as_a_form_and_once()
    {
        var (token, secret) = await kitchen.MakeAsync("Echo");
        Assert.Matches("^wcr_[A-Za-z0-9_-]{43}$", token);
        Assert.Matches("^wcs_[A-Za-z0-9_-]{43}$", secret);
        await using var tab = await ann.ConnectAsync();
        await tab.OpenAsync(room);
        await using var script = await ann.RunProgramAsync();
        await script.SayAsync(new { room = Kitchen.Text(room) });
        await script.NextMessageAsync("open");

        var answer = await kitchen.PostAsync(token, new { content = "The bread is done", client_id = "one" });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var place = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["room", "seq", "rev"], place.EnumerateObject().Select(p => p.Name));
        Assert.Equal(Kitchen.Text(room), place.GetProperty("room").GetString());
        var article = await tab.NextMessageAsync(room, place.GetProperty("seq").GetInt64());
        Assert.Contains("<span class=\"stamp\">Bot</span>", article, StringComparison.Ordinal);
        var told = JsonElement.Parse(await script.NextMessageAsync("bread"));
        Assert.Equal(("Echo", true), (told.GetProperty("sender").GetString(), told.GetProperty("bot").GetBoolean()));

        var again = await kitchen.PostAsync(token, new { content = "The bread is done", client_id = "one" });
        Assert.Equal(place.GetRawText(), (await again.Content.ReadFromJsonAsync<JsonElement>()).GetRawText());
        Assert.Equal(HttpStatusCode.Conflict, (await kitchen.PostAsync(token, new { content = "Other words", client_id = "one" })).StatusCode);
        using var form = new FormUrlEncodedContent([new("content", "by form"), new("kind", "oven.state"), new("payload", """{"hot":true}""")]);
        Assert.Equal(HttpStatusCode.OK, (await kitchen.SendAsync(token, form)).StatusCode);
        Assert.True(JsonElement.Parse(await script.NextMessageAsync("by form")).GetProperty("payload").GetProperty("hot").GetBoolean());
    }

    [Fact]
    public async Task A_token_that_is_not_this_rooms_says_nothing_of_any()
    {
        var (token, secret) = await kitchen.MakeAsync("Echo");
        var other = await ann.NewGroupAsync("Cellar");
        var answers = new List<string>();
        foreach (var (shown, where) in new (string?, long)[]
        {
            (token, other), (token, 123_456_789), (Token.New(Token.Room), room), (Token.New(Token.Room), 123_456_789), (await ann.MakeTokenAsync(), room), (secret, room), ("", room), (null, room), ("x", 1),
        })
        {
            var answer = await kitchen.PostAsync(shown, new { content = "hello" }, where);
            answers.Add($"{(int)answer.StatusCode} {answer.Headers.WwwAuthenticate} {answer.Content.Headers.ContentType} {await answer.Content.ReadAsStringAsync()}");
        }

        Assert.Equal("401 Bearer application/json; charset=utf-8 {\"error\":\"You are not signed in, or no longer.\"}", Assert.Single(answers.Distinct(StringComparer.Ordinal)));
        using var query = new StringContent("""{"content":"hello"}""", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Visitor().Http.PostAsync($"/rooms/{room}/bot?token={token}&access_token={token}", query)).StatusCode);
        using var own = new StringContent("""{"content":"hello"}""", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.Unauthorized, (await ann.Http.PostAsync($"/rooms/{room}/bot", own)).StatusCode); // a cookie is no token
        Assert.DoesNotContain("hello", (await ann.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => LiveSocket.ProgramAsync(app.Address, token)); // and opens no socket
    }

    [Theory]
    [InlineData("""{"content":""}""", 400, "Write something first.")]
    [InlineData("""{}""", 400, "Write something first.")]
    [InlineData("""[]""", 400, "This is not a JSON object.")]
    [InlineData("""{"content":""", 400, "This is not a JSON object.")]
    [InlineData("""{"content":7}""", 400, "Something in it is not what it should be: words are text, numbers are whole.")]
    [InlineData("""{"content":"a\u0000"}""", 400, "There is a sign in it that cannot be stored.")]
    [InlineData("""{"content":"a","kind":"text","payload":1}""", 400, "A kind is 1 to 40 of a-z, 0-9, dot and hyphen, and none of those there are.")]
    public async Task What_cannot_be_posted_is_refused_with_a_sentence(string body, int status, string words)
    {
        var (token, _) = await kitchen.MakeAsync("Echo");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await kitchen.SendAsync(token, content);
        Assert.Equal((status, words), ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString()));
    }

    [Fact]
    public async Task Bodies_of_other_sorts_and_sizes_are_refused_too()
    {
        var (token, _) = await kitchen.MakeAsync("Echo");
        using var text = new StringContent("content=hello", Encoding.UTF8, "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await kitchen.SendAsync(token, text)).StatusCode);
        using var big = new StringContent($$"""{"content":"{{new string('x', 70_000)}}"}""", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await kitchen.SendAsync(token, big)).StatusCode);
        using var form = new FormUrlEncodedContent([new("content", "a"), new("payload", "{"), new("kind", "k")]);
        Assert.Equal(HttpStatusCode.BadRequest, (await kitchen.SendAsync(token, form)).StatusCode);
        using var endless = new FormUrlEncodedContent([new("content", "a"), new("reply_to", "99999999999999999999")]);
        Assert.Equal(HttpStatusCode.BadRequest, (await kitchen.SendAsync(token, endless)).StatusCode);
    }

    [Fact]
    public async Task All_bots_of_a_room_together_write_no_faster_than_a_person()
    {
        using var strict = new App(("WebChat:Limits:PostsPerMinute", "3"));
        using var cas = await strict.SignUpAsync("cas");
        var group = await cas.NewGroupAsync("Slow");
        var (token, _) = await kitchen.MakeAsync("Echo", on: cas, group: group);
        var (second, _) = await kitchen.MakeAsync("Parrot", on: cas, group: group);
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await kitchen.PostAsync(i == 1 ? second : token, new { content = $"{i}" }, group, strict)).StatusCode);

        var answer = await kitchen.PostAsync(token, new { content = "one more" }, group, strict);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("""{"error":"You are writing too fast. Wait a moment."}""", await answer.Content.ReadAsStringAsync());
    }
}
