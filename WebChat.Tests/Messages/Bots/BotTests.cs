using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AngleSharp.Dom;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WebChat.Live;
using WebChat.Messages.Bots;
using WebChat.Shared;
using WebChat.Tests.Messages.Links;

namespace WebChat.Tests.Messages.Bots;

/// <summary>Bots of a group: made by who leads it, posting by a token, called when somebody names them. The world outside is a stranger on this machine.</summary>
public sealed class BotTests : IAsyncLifetime
{
    private Stranger stranger = null!;
    private App app = null!;
    private Person ann = null!;
    private long room;

    public async Task InitializeAsync()
    {
        stranger = await Stranger.StartAsync();
        app = new App(services => services.AddSingleton(Stranger.Reached()));
        ann = await app.SignUpAsync("ann");
        room = await ann.NewGroupAsync("Kitchen");
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        await stranger.DisposeAsync();
    }

    [Fact]
    public async Task A_bot_posts_by_its_token_as_JSON_or_as_a_form_and_once()
    {
        var (token, secret) = await MakeAsync("Echo");
        Assert.Matches("^wcr_[A-Za-z0-9_-]{43}$", token);
        Assert.Matches("^wcs_[A-Za-z0-9_-]{43}$", secret);
        await using var tab = await ann.ConnectAsync();
        await tab.OpenAsync(room);
        await using var script = await ann.RunProgramAsync();
        await script.SayAsync(new { room = Text(room) });
        await script.NextMessageAsync("open");

        var answer = await PostAsync(token, new { content = "The bread is done", client_id = "one" });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var place = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["room", "seq", "rev"], place.EnumerateObject().Select(p => p.Name));
        Assert.Equal(Text(room), place.GetProperty("room").GetString());
        var article = await tab.NextMessageAsync(room, place.GetProperty("seq").GetInt64());
        Assert.Contains("<span class=\"stamp\">Bot</span>", article, StringComparison.Ordinal);
        var told = JsonElement.Parse(await script.NextMessageAsync("bread"));
        Assert.Equal(("Echo", true), (told.GetProperty("sender").GetString(), told.GetProperty("bot").GetBoolean()));

        var again = await PostAsync(token, new { content = "The bread is done", client_id = "one" });
        Assert.Equal(place.GetRawText(), (await again.Content.ReadFromJsonAsync<JsonElement>()).GetRawText());
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(token, new { content = "Other words", client_id = "one" })).StatusCode);
        using var form = new FormUrlEncodedContent([new("content", "by form"), new("kind", "oven.state"), new("payload", """{"hot":true}""")]);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(token, form)).StatusCode);
        Assert.True(JsonElement.Parse(await script.NextMessageAsync("by form")).GetProperty("payload").GetProperty("hot").GetBoolean());
    }

    [Fact]
    public async Task A_token_that_is_not_this_rooms_says_nothing_of_any()
    {
        var (token, secret) = await MakeAsync("Echo");
        var other = await ann.NewGroupAsync("Cellar");
        var answers = new List<string>();
        foreach (var (shown, where) in new (string?, long)[]
        {
            (token, other), (token, 123_456_789), (Token.New(Token.Room), room), (Token.New(Token.Room), 123_456_789), (await ann.MakeTokenAsync(), room), (secret, room), ("", room), (null, room), ("x", 1),
        })
        {
            var answer = await PostAsync(shown, new { content = "hello" }, where);
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
        var (token, _) = await MakeAsync("Echo");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await SendAsync(token, content);
        Assert.Equal((status, words), ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString()));
    }

    [Fact]
    public async Task Bodies_of_other_sorts_and_sizes_are_refused_too()
    {
        var (token, _) = await MakeAsync("Echo");
        using var text = new StringContent("content=hello", Encoding.UTF8, "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await SendAsync(token, text)).StatusCode);
        using var big = new StringContent($$"""{"content":"{{new string('x', 70_000)}}"}""", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(token, big)).StatusCode);
        using var form = new FormUrlEncodedContent([new("content", "a"), new("payload", "{"), new("kind", "k")]);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(token, form)).StatusCode);
        using var endless = new FormUrlEncodedContent([new("content", "a"), new("reply_to", "99999999999999999999")]);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(token, endless)).StatusCode);
    }

    [Fact]
    public async Task All_bots_of_a_room_together_write_no_faster_than_a_person()
    {
        using var strict = new App(("WebChat:Limits:PostsPerMinute", "3"));
        using var cas = await strict.SignUpAsync("cas");
        var group = await cas.NewGroupAsync("Slow");
        var (token, _) = await MakeAsync("Echo", on: cas, group: group);
        var (second, _) = await MakeAsync("Parrot", on: cas, group: group);
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(i == 1 ? second : token, new { content = $"{i}" }, group, strict)).StatusCode);

        var answer = await PostAsync(token, new { content = "one more" }, group, strict);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("""{"error":"You are writing too fast. Wait a moment."}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Only_who_leads_the_group_sees_its_bots()
    {
        var (token, _) = await MakeAsync("Echo");
        using var ben = await app.SignUpAsync("ben");
        using var cas = await app.SignUpAsync("cas");
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
        var lobby = (await ann.GetPageAsync("/rooms")).QuerySelectorAll("li[data-room]").Select(l => l.GetAttribute("data-room")).First(r => r != Text(room));
        foreach (var person in new[] { ben, cas })
        {
            foreach (var at in new[] { "", "/Echo", "/Echo/remove" })
                Assert.Equal(HttpStatusCode.NotFound, (await person.Http.GetAsync($"/rooms/{room}/bots{at}")).StatusCode);
            foreach (var at in new[] { "", "/Echo", "/Echo?handler=renew", "/Echo/remove" })
            {
                using var form = new FormUrlEncodedContent([new("Name", "Mine"), new("Webhook", ""), new("__RequestVerificationToken", await person.TokenAsync())]);
                Assert.Equal(HttpStatusCode.NotFound, (await person.Http.PostAsync($"/rooms/{room}/bots{at}", form)).StatusCode);
            }
        }
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync($"/rooms/{lobby}/bots")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync($"/rooms/{room}/bots/Nobody")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await app.Visitor().Http.GetAsync($"/rooms/{room}/bots")).StatusCode);
        Assert.DoesNotContain("/bots", (await ben.GetPageAsync($"/rooms/{room}/settings")).DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(token, new { content = "still mine" })).StatusCode);
        var members = await ben.GetPageAsync($"/rooms/{room}/members");
        Assert.Equal("Members, 2", members.QuerySelector("#members")!.TextContent);
        Assert.Contains("2 members", (await ben.GetPageAsync($"/rooms/{room}")).QuerySelector(".here-now")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Bot", members.QuerySelectorAll(".rows li").Single(l => l.TextContent.Contains("@Echo", StringComparison.Ordinal)).QuerySelector(".stamp")!.TextContent);
    }

    [Fact]
    public async Task Keys_are_shown_once_a_new_token_ends_the_old_one_and_removal_ends_all()
    {
        var (token, secret) = await MakeAsync("Echo");
        var page = await ann.GetPageAsync($"/rooms/{room}/bots/echo");
        foreach (var shown in new[] { token, secret })
        {
            Assert.DoesNotContain(shown, page.DocumentElement.OuterHtml, StringComparison.Ordinal);
            Assert.DoesNotContain(shown, (await ann.GetPageAsync($"/rooms/{room}/bots")).DocumentElement.OuterHtml, StringComparison.Ordinal);
        }

        var renewed = await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{room}/bots/Echo", "New token"));
        var fresh = renewed.QuerySelector("#token")!.TextContent;
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(token, new { content = "old" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(fresh, new { content = "new" })).StatusCode);

        await ann.SubmitAsync($"/rooms/{room}/bots/Echo/remove", "Remove");
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(fresh, new { content = "gone" })).StatusCode);
        var log = (await ann.GetPageAsync($"/rooms/{room}")).QuerySelector("[role=log]")!.TextContent;
        Assert.Contains("ann added the bot Echo", log, StringComparison.Ordinal);
        Assert.Contains("ann removed Echo", log, StringComparison.Ordinal);
        Assert.DoesNotContain("gone", log, StringComparison.Ordinal);
        Assert.DoesNotContain("@Echo", (await ann.GetPageAsync($"/rooms/{room}/members")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ab", "")]
    [InlineData("Есһо", "")] // Cyrillic
    [InlineData("ec\u200Bho", "")]
    [InlineData("echo echo", "")]
    [InlineData("all", "")]
    [InlineData("ANN", "")]
    [InlineData("1echo", "")]
    [InlineData("Echo", "http://127.0.0.1/")]
    [InlineData("Echo", "http://10.0.0.5/hook")]
    [InlineData("Echo", "http://[::1]/")]
    [InlineData("Echo", "http://169.254.169.254/latest/meta-data/")]
    [InlineData("Echo", "ftp://a.example/")]
    [InlineData("Echo", "javascript:alert(1)")]
    [InlineData("Echo", "https://ann:secret@a.example/")]
    [InlineData("Echo", "nonsense")]
    public async Task Names_that_look_like_others_and_addresses_that_are_not_the_publics_are_refused(string name, string webhook)
    {
        var answer = await ann.SubmitAsync($"/rooms/{room}/bots", "Make bot", ("Name", name), ("Webhook address", webhook));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull((await Person.ReadAsync(answer)).QuerySelector(".field .error"));
        Assert.Empty((await ann.GetPageAsync($"/rooms/{room}/bots")).QuerySelectorAll(".rows li"));
    }

    [Fact]
    public async Task Nobody_signs_in_as_one_or_takes_its_name_and_it_is_never_online()
    {
        var (token, _) = await MakeAsync("Echo");
        await PostAsync(token, new { content = "here" });
        using var thief = app.Visitor();
        foreach (var password in new[] { "", token, App.Password })
            Assert.NotEqual(HttpStatusCode.Redirect, (await thief.SignInAsync("Echo", password)).StatusCode);
        Assert.DoesNotContain("Echo", (await ann.GetPageAsync("/online")).QuerySelector("#online-list")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("@Echo", (await ann.GetPageAsync("/contacts/find?q=echo")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync("/people/Echo/request")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync("/people/Echo/block")).StatusCode);
        var page = await ann.GetPageAsync("/people/Echo");
        Assert.Contains("This is a bot", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("main form"));
        Assert.Empty(app.Get<Connections>().Online);
        await Assert.ThrowsAnyAsync<Exception>(() => app.SignUpAsync("echo"));
    }

    [Fact]
    public async Task Who_names_it_is_heard_by_its_program_and_answered_by_the_bot()
    {
        var body = "";
        stranger.Answers("/hook", async http =>
        {
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
            body = await reader.ReadToEndAsync();
            await http.Response.WriteAsJsonAsync(new { content = "You said it, @ann" });
        });
        var (_, secret) = await MakeAsync("Echo", "/hook");
        await using var tab = await ann.ConnectAsync();
        await tab.OpenAsync(room);

        var seq = await ann.SayAsync(room, "is it done, @echo? 好了吗");

        var answer = await tab.NextAsync(f => f.Contains("You said it", StringComparison.Ordinal));
        Assert.Contains($"class=\"quote\" data-seq=\"{seq}\"", answer, StringComparison.Ordinal);
        Assert.Contains(">Bot<", answer, StringComparison.Ordinal);
        var said = JsonElement.Parse(body);
        Assert.Equal((Text(room), seq, "ann", "is it done, @echo? 好了吗"), (said.GetProperty("room").GetString(), said.GetProperty("seq").GetInt64(), said.GetProperty("sender").GetString(), said.GetProperty("message").GetString()));
        var asked = stranger.Asked.Single();
        Assert.Equal("Echo", asked.Headers["X-WebChat-Bot"]);
        Assert.Equal(BotKeeping.Sign(secret, Encoding.UTF8.GetBytes(body)), asked.Headers["X-WebChat-Signature"]);
        Assert.NotEqual(BotKeeping.Sign(secret + "x", Encoding.UTF8.GetBytes(body)), asked.Headers["X-WebChat-Signature"]);
        Assert.Equal("application/json", asked.Headers["Content-Type"]);
        Assert.Null((await BotAsync("Echo")).FailedAt);
    }

    [Fact]
    public async Task Bots_call_nobody_not_each_other_and_not_themselves()
    {
        stranger.Answers("/one", http => http.Response.WriteAsJsonAsync(new { content = "@two @one your turn" }));
        stranger.Answers("/two", http => http.Response.WriteAsJsonAsync(new { content = "@one @two no, yours" }));
        var (token, _) = await MakeAsync("one", "/one");
        await MakeAsync("two", "/two");
        await using var tab = await ann.ConnectAsync();
        await tab.OpenAsync(room);

        await ann.SayAsync(room, "@one begin");
        await tab.NextAsync(f => f.Contains("your turn", StringComparison.Ordinal));
        await PostAsync(token, new { content = "@two @one hello" });
        await ann.SayAsync(room, "no name at all, one");
        await ann.SayAsync(room, "`@two` in code");
        await ann.SayAsync(room, "@two now you"); // the last: what came before it has been looked at
        await tab.NextAsync(f => f.Contains("no, yours", StringComparison.Ordinal));

        Assert.Equal(["/one", "/two"], stranger.Asked.Select(a => a.Path));
    }

    [Fact]
    public async Task Programs_of_people_are_people_and_edits_and_other_rooms_call_nobody()
    {
        stranger.Answers("/hook", http => http.Response.WriteAsJsonAsync(new { content = "heard" }));
        await MakeAsync("Echo", "/hook");
        var other = await ann.NewGroupAsync("Cellar");
        await ann.SayAsync(other, "@Echo can you hear me?");
        var seq = await ann.SayAsync(room, "nothing");
        await ann.ActAsync(room, seq, "edit", ("content", "@Echo by edit"));
        await using var script = await ann.RunProgramAsync();

        await script.SayAsync(new { room = Text(room), message = "@Echo by program" });

        await script.NextMessageAsync("heard");
        Assert.Single(stranger.Asked);
    }

    [Fact]
    public async Task What_fails_is_said_to_who_leads_the_group_and_harms_no_post()
    {
        await MakeAsync("Echo", "/hook");
        foreach (var (answer, words) in new (RequestDelegate, string)[]
        {
            (http => { http.Response.StatusCode = 500; return Task.CompletedTask; }, "Last call failed: answered 500,"),
            (http => { (http.Response.StatusCode, http.Response.Headers.Location) = (307, $"http://127.0.0.1:{stranger.Port}/"); return Task.CompletedTask; }, "Last call failed: answered 307,"),
            (http => http.Response.Body.WriteAsync(new byte[40_000]).AsTask(), "Last call failed: the answer was too long,"),
            (http => { http.Abort(); return Task.CompletedTask; }, "Last call failed: nobody answered,"),
            (http => http.Response.WriteAsJsonAsync(new { content = "" }), "Last call failed: what it answered was refused: Write something first.,"),
        })
        {
            stranger.Answers("/hook", answer);
            await ann.SayAsync(room, "@Echo?");
            Assert.Contains(words, await FailureAsync("Echo"), StringComparison.Ordinal);
            await app.Get<BotStore>().NoteCallAsync((await BotAsync("Echo")).UserId, null);
        }
        foreach (var quiet in new RequestDelegate[]
        {
            _ => Task.CompletedTask, http => http.Response.WriteAsync("not JSON"), http => http.Response.WriteAsync("[1]"), http => http.Response.WriteAsJsonAsync(new { nothing = 1 }),
            http => { http.Response.StatusCode = 204; return Task.CompletedTask; },
        })
        {
            var heard = new TaskCompletionSource();
            stranger.Answers("/hook", async http =>
            {
                await quiet(http);
                heard.TrySetResult();
            });
            await ann.SayAsync(room, "@Echo!");
            await heard.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }
        Assert.Empty(stranger.AskedInPrivate);
        Assert.Null((await BotAsync("Echo")).FailedAt);
        Assert.Equal(0, (await ann.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article .by .stamp").Length);
    }

    [Fact]
    public async Task A_name_that_turns_private_after_it_was_taken_is_not_called_there()
    {
        var resolved = Stranger.Public;
        await using var world = new App(services => services.AddSingleton(Stranger.Reached(_ => [resolved])));
        using var cas = await world.SignUpAsync("cas");
        var group = await cas.NewGroupAsync("Turning");
        await MakeAsync("Echo", on: cas, group: group, address: $"http://turns.example:{stranger.Port}/hook");
        resolved = Stranger.Private;

        await cas.SayAsync(group, "@Echo?");

        Assert.Contains("nobody answered", await FailureAsync("Echo", cas, group), StringComparison.Ordinal);
        Assert.Empty(stranger.Asked);
    }

    [Fact]
    public async Task A_slow_program_holds_up_no_other_and_what_piles_up_is_dropped_and_said()
    {
        var go = new TaskCompletionSource();
        stranger.Answers("/slow", _ => go.Task);
        stranger.Answers("/quick", http => http.Response.WriteAsJsonAsync(new { content = "at once" }));
        await MakeAsync("slow", "/slow");
        await MakeAsync("quick", "/quick");
        await using var tab = await ann.ConnectAsync();
        await tab.OpenAsync(room);
        var token = await ann.TokenAsync();
        for (var i = 0; i < Webhooks.MostOfOne + 3; i++)
            await ann.SayAsync(room, $"@slow {i}", token);

        await ann.SayAsync(room, "@quick", token);

        await tab.NextAsync(f => f.Contains("at once", StringComparison.Ordinal));
        Assert.Contains("too many calls at once", await FailureAsync("slow"), StringComparison.Ordinal);
        go.SetResult();
    }

    private async Task<(string Token, string Secret)> MakeAsync(string name, string? hook = null, Person? on = null, long? group = null, string? address = null)
    {
        var answer = await (on ?? ann).SubmitAsync($"/rooms/{group ?? room}/bots", "Make bot", ("Name", name), ("Webhook address", address ?? (hook is null ? "" : stranger.At(hook).AbsoluteUri)));
        var page = await Person.ReadAsync(answer);
        Assert.True(page.QuerySelector("#token") is not null, page.QuerySelector("main")!.TextContent);
        return (page.QuerySelector("#token")!.TextContent, page.QuerySelector("#secret")!.TextContent);
    }

    private async Task<Bot> BotAsync(string name) => (await app.Get<BotStore>().FindAsync(await ann.IdAsync(), room, name))!;

    private async Task<string> FailureAsync(string name, Person? who = null, long? group = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (true)
        {
            if ((await (who ?? ann).GetPageAsync($"/rooms/{group ?? room}/bots/{name}")).QuerySelector("p.error") is { } failure)
            {
                Assert.NotNull((await (who ?? ann).GetPageAsync($"/rooms/{group ?? room}/bots")).QuerySelector(".rows .error"));
                return failure.Text();
            }
            await Task.Delay(20, limit.Token);
        }
    }

    private Task<HttpResponseMessage> PostAsync(string? token, object what, long? where = null, App? at = null) => SendAsync(token, JsonContent.Create(what), where, at);

    private async Task<HttpResponseMessage> SendAsync(string? token, HttpContent content, long? where = null, App? at = null)
    {
        using var program = (at ?? app).Visitor();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/rooms/{where ?? room}/bot") { Content = content };
        if (token is { Length: > 0 })
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await program.Http.SendAsync(request);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
