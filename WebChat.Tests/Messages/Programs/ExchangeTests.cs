using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using WebChat.Live;
using WebChat.Messages;
using WebChat.Messages.Kinds;
using WebChat.Shared;

namespace WebChat.Tests.Messages.Programs;

/// <summary>Programs at the socket: JSON up and down, with somebody's token and by the promises that pages have.</summary>
public sealed class ExchangeTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_message_goes_in_and_comes_out_stored_for_author_page_and_other_programs()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann-x1", "ben-x1");
        await using var script = await ann.RunProgramAsync();
        await using var other = await ben.RunProgramAsync();
        await using var tab = await ben.ConnectAsync();
        await other.SayAsync(new { room = Text(room) });
        await other.NextAsync(f => f.Contains("\"open\"", StringComparison.Ordinal));
        await tab.OpenAsync(room);

        await script.SayAsync(new { room = Text(room), message = "早 **all** <b>", client_id = "first" });

        var mine = Json(await script.NextAsync(_ => true)); // nothing comes before it
        Assert.Equal((Text(room), "text", "早 **all** <b>", "ann-x1", "first"), (Str(mine, "room"), Str(mine, "kind"), Str(mine, "message"), Str(mine, "sender"), Str(mine, "client_id")));
        Assert.Equal("ann-x1", Str(mine, "name"));
        Assert.True(mine.GetProperty("seq").GetInt64() > 0 && mine.GetProperty("rev").GetInt64() > 0);
        Assert.True(DateTimeOffset.TryParseExact(Str(mine, "at"), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at > DateTimeOffset.UtcNow.AddMinutes(-5));
        Assert.Equal(mine.GetRawText(), Json(await other.NextMessageAsync("first")).GetRawText()); // the same bytes for everybody
        await tab.NextMessageAsync(room, mine.GetProperty("seq").GetInt64());

        await ben.SayAsync(room, "hello back");
        Assert.Equal("ben-x1", Str(Json(await script.NextMessageAsync("hello back")), "sender")); // a post opens the room too
    }

    [Fact]
    public async Task Edits_recalls_reactions_pins_and_notes_come_as_what_they_are()
    {
        using var ann = await app.SignUpAsync("ann-x2");
        var room = await ann.NewGroupAsync("Changes");
        await using var script = await ann.RunProgramAsync();
        await script.SayAsync(new { room = Text(room), rev = 0 });
        var note = Json(await script.NextAsync(_ => true));
        Assert.Equal(("note", "ann-x2 created the group", 1), (Str(note, "kind"), Str(note, "message"), note.GetProperty("seq").GetInt32()));
        Assert.Equal(1, Json(await script.NextMessageAsync("open")).GetProperty("rev").GetInt32());

        var seq = await ann.SayAsync(room, "first @ann-x2 words");
        Assert.Equal("ann-x2", Json(await script.NextMessageAsync("words")).GetProperty("mentions")[0].GetString());
        await ann.ActAsync(room, seq, "edit", ("content", "second"));
        Assert.True(Json(await script.NextMessageAsync("second")).GetProperty("edited").GetBoolean());
        await ann.ActAsync(room, seq, "reactions", ("emoji", "👍"));
        Assert.Equal(1, Json(await script.NextMessageAsync("reactions")).GetProperty("reactions").GetProperty("👍").GetInt32());
        await ann.ActAsync(room, seq, "pin");
        Assert.True(Json(await script.NextMessageAsync("pinned\"")).GetProperty("pinned").GetBoolean());
        await ann.ActAsync(room, seq, "recall");
        var gone = Json(await script.NextMessageAsync("recalled"));
        Assert.Equal("Message recalled", Str(gone, "message"));
        Assert.False(gone.TryGetProperty("reactions", out _));

        await script.SayAsync(new { room = Text(room), message = "an answer", reply_to = 1, client_id = "a" });
        Assert.False(Json(await script.NextMessageAsync("an answer")).TryGetProperty("reply_to", out _)); // a note is not answered
    }

    [Fact]
    public async Task What_a_file_is_stands_beside_its_line()
    {
        using var ann = await app.SignUpAsync("ann-x3");
        var room = await ann.NewGroupAsync("Files");
        await using var script = await ann.RunProgramAsync();
        await script.SayAsync(new { room = Text(room) });
        await script.NextMessageAsync("open");
        using var form = new MultipartFormDataContent
        {
            { new StringContent("to read"), "content" }, { new StringContent(await ann.TokenAsync()), "__RequestVerificationToken" }, { new StringContent("words of mine"), "file", "notes.txt" },
        };

        await ann.Http.PostAsync($"/rooms/{room}/messages", form);

        var file = Json(await script.NextMessageAsync("notes.txt"));
        Assert.Equal(("file", "File: notes.txt", "to read"), (Str(file, "kind"), Str(file, "message"), Str(file, "caption")));
        Assert.Equal(("notes.txt", 13), (Str(file.GetProperty("file"), "name"), file.GetProperty("file").GetProperty("bytes").GetInt32()));
        Assert.Equal("words of mine", await ann.Http.GetStringAsync(Str(file, "url")));
    }

    [Fact]
    public async Task A_custom_kind_gives_programs_its_payload_and_pages_its_words()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann-x4", "ben-x4");
        await using var script = await ann.RunProgramAsync();
        await using var tab = await ben.ConnectAsync();
        await tab.OpenAsync(room);

        await script.SendAsync($$$"""{"room":"{{{room}}}","message":"Poll: <i>tea</i> or *coffee*?","kind":"poll.v1","payload":{"of":["tea","咖啡 </script>",{"a":[1.50,null,true]}]},"client_id":"p"}""");

        var poll = Json(await script.NextAsync(_ => true));
        Assert.Equal(("poll.v1", "Poll: <i>tea</i> or *coffee*?"), (Str(poll, "kind"), Str(poll, "message")));
        Assert.Equal("""{"of":["tea","咖啡 </script>",{"a":[1.50,null,true]}]}""", poll.GetProperty("payload").GetRawText());
        var article = await tab.NextMessageAsync(room, poll.GetProperty("seq").GetInt64());
        Assert.Contains("<span class=\"stamp\">poll.v1</span>", article, StringComparison.Ordinal);
        Assert.Contains("&lt;i&gt;tea", article, StringComparison.Ordinal);
        Assert.DoesNotContain("script", article, StringComparison.Ordinal);
        Assert.Contains("Poll:", (await ben.GetPageAsync("/rooms")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await ann.ActAsync(room, poll.GetProperty("seq").GetInt64(), "edit", ("content", "else"))).StatusCode);
    }

    [Theory]
    [InlineData("""{"room":"ROOM","message":""}""", 400, "Write something first.")]
    [InlineData("""{"room":"ROOM","message":" \n "}""", 400, "Write something first.")]
    [InlineData("""{"room":"ROOM","message":7}""", 400, "Something in it is not what it should be: words are text, numbers are whole.")]
    [InlineData("""{"room":"ROOM","message":"a\ud800"}""", 400, "Something in it is not what it should be: words are text, numbers are whole.")]
    [InlineData("""{"room":"ROOM","message":"a","reply_to":1.5}""", 400, "Something in it is not what it should be: words are text, numbers are whole.")]
    [InlineData("""{"room":"ROOM","message":"a","reply_to":"1"}""", 400, "Something in it is not what it should be: words are text, numbers are whole.")]
    [InlineData("""{"room":"ROOM","message":"a\u0000b"}""", 400, "There is a sign in it that cannot be stored.")]
    [InlineData("""{"room":"ROOM","message":"a","client_id":"no spaces"}""", 400, "This form is damaged. Reload the page and try again.")]
    [InlineData("""{"room":"ROOM","message":"a","payload":{}}""", 400, "A payload needs a kind.")]
    [InlineData("""{"room":"ROOM","kind":"poll"}""", 400, "Write something first.")]
    [InlineData("""{"room":"ROOM","message":"a","kind":"Poll"}""", 400, "A kind is 1 to 40 of a-z, 0-9, dot and hyphen, and none of those there are.")]
    [InlineData("""{"room":"ROOM","message":"a","kind":"image"}""", 400, "A kind is 1 to 40 of a-z, 0-9, dot and hyphen, and none of those there are.")]
    [InlineData("""{"room":"ROOM","message":"a","kind":"custom"}""", 400, "A kind is 1 to 40 of a-z, 0-9, dot and hyphen, and none of those there are.")]
    [InlineData("""{"room":"ROOM","message":"a","kind":"<b>"}""", 400, "A kind is 1 to 40 of a-z, 0-9, dot and hyphen, and none of those there are.")]
    [InlineData("""{"room":"ROOM","message":"a","kind":""}""", 400, "A kind is 1 to 40 of a-z, 0-9, dot and hyphen, and none of those there are.")]
    [InlineData("""{"room":"999999999","message":"a"}""", 404, "There is no such room.")]
    [InlineData("""{"room":null,"message":"a"}""", 404, "There is no such room.")]
    [InlineData("""{"room":-5,"message":"a"}""", 404, "There is no such room.")]
    public async Task What_cannot_be_posted_is_refused_in_the_words_of_HTTP_and_stores_nothing(string frame, int status, string words)
    {
        using var ann = await app.SignUpAsync("x" + Guid.NewGuid().ToString("N")[..12]);
        var room = await ann.NewGroupAsync("Refusals");
        await using var script = await ann.RunProgramAsync();

        await script.SendAsync(frame.Replace("ROOM", Text(room), StringComparison.Ordinal));

        var refusal = Json(await script.NextAsync(_ => true));
        Assert.Equal((words, status), (Str(refusal, "error"), refusal.GetProperty("status").GetInt32()));
        Assert.Single((await ann.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article"));
        await script.SayAsync(new { room = Text(room), message = "still here" });
        await script.NextMessageAsync("still here");
    }

    [Fact]
    public async Task A_payload_has_its_size_and_its_depth()
    {
        using var ann = await app.SignUpAsync("ann-x5");
        var room = await ann.NewGroupAsync("Sizes");
        await using var script = await ann.RunProgramAsync();

        await script.SayAsync(new { room = Text(room), message = "fits", kind = "k", payload = new string('x', CustomKind.MostPayloadBytes - 2) });
        Assert.Equal("k", Str(Json(await script.NextMessageAsync("fits")), "kind"));
        await script.SayAsync(new { room = Text(room), message = "more", kind = "k", payload = new string('x', CustomKind.MostPayloadBytes - 1) });
        Assert.Equal("A payload is JSON of at most 8 KiB.", Str(Json(await script.NextMessageAsync("error")), "error"));
        await script.SendAsync($$"""{"room":"{{room}}","message":"deep","kind":"k","payload":{{new string('[', 31)}}{{new string(']', 31)}}}""");
        await script.NextMessageAsync("deep");
        await script.SendAsync($$"""{"room":"{{room}}","message":"deeper","kind":"k","payload":{{new string('[', 32)}}{{new string(']', 32)}}}""");
        await script.NextMessageAsync("unknown-action");
        Assert.Equal(3, (await ann.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article").Length); // readers can read it
    }

    [Fact]
    public async Task The_same_client_id_is_one_message_and_is_answered_again()
    {
        using var ann = await app.SignUpAsync("ann-x6");
        var room = await ann.NewGroupAsync("Once");
        await using (var script = await ann.RunProgramAsync())
        {
            await script.SayAsync(new { room = Text(room), message = "once", client_id = "same" });
            await script.NextMessageAsync("once");
            await script.SayAsync(new { room = Text(room), message = "once", client_id = "same" });
            Assert.Equal(2, Json(await script.NextMessageAsync("once")).GetProperty("seq").GetInt32());
        }
        await using var again = await ann.RunProgramAsync();
        await again.SayAsync(new { room = Text(room), message = "once", client_id = "same" });
        Assert.Equal(2, Json(await again.NextAsync(_ => true)).GetProperty("seq").GetInt32());
        await again.NextMessageAsync("\"open\"");
        await again.SayAsync(new { room = Text(room), message = "other words", client_id = "same" });
        Assert.Equal((409, "same"), (Json(await again.NextMessageAsync("error")) is var taken ? taken.GetProperty("status").GetInt32() : 0, Str(taken, "client_id")));
        Assert.Equal(2, (await ann.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article").Length);
    }

    [Fact]
    public async Task Rates_are_those_of_everybody()
    {
        using var strict = new App(("WebChat:Limits:PostsPerMinute", "2"));
        using var ann = await strict.SignUpAsync("ann");
        var room = Text(long.Parse((await ann.GetPageAsync("/rooms")).QuerySelector("li[data-room]")!.GetAttribute("data-room")!, CultureInfo.InvariantCulture));
        await using var script = await ann.RunProgramAsync();
        for (var i = 0; i < 3; i++)
            await script.SayAsync(new { room, message = $"message {i}" });

        var refusal = Json(await script.NextMessageAsync("error"));

        Assert.Equal(("You are writing too fast. Wait a moment.", 429), (Str(refusal, "error"), refusal.GetProperty("status").GetInt32()));
        Assert.True(refusal.GetProperty("retry_after").GetInt32() > 0);
    }

    [Fact]
    public async Task Without_a_token_that_is_somebodys_nobody_is_let_in_whatever_else_is_shown()
    {
        using var ann = await app.SignUpAsync("ann-x7");
        var token = await ann.MakeTokenAsync();
        var forged = token[..^1] + (token[^1] == 'A' ? 'B' : 'A');
        foreach (var bad in new[] { null, "", "x", forged, "wcp_", Token.New(Token.Personal), Token.New(Token.Room), token.ToUpperInvariant() })
            Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(bad));
        // A cookie, from ours or from elsewhere, is no token.
        foreach (var origin in new[] { null, "https://evil.example", app.Address.GetLeftPart(UriPartial.Authority) })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(null, options =>
            {
                options.Cookies = ann.Cookies;
                if (origin is not null)
                    options.SetRequestHeader("Origin", origin);
            }));
        }
        // In an address it would stand in logs.
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("webchat.json");
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new UriBuilder(app.Address) { Scheme = "ws", Path = "/live", Query = $"access_token={token}&token={token}" }.Uri, default));
        // Without the subprotocol it is no way in: that is for pages, and theirs is the cookie.
        using var plain = new ClientWebSocket();
        plain.Options.CollectHttpResponseDetails = true;
        plain.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await Assert.ThrowsAsync<WebSocketException>(() => plain.ConnectAsync(new UriBuilder(app.Address) { Scheme = "ws", Path = "/live" }.Uri, default));
        Assert.Equal(HttpStatusCode.Forbidden, plain.HttpStatusCode);
        await using var stranger = await LiveSocket.ProgramAsync(app.Address, token, options => options.SetRequestHeader("Origin", "https://anywhere.example"));
        await stranger.RoundTripAsync(); // a token is enough, wherever it is shown from
    }

    [Fact]
    public async Task A_foreign_room_is_to_the_byte_what_an_unknown_one_is()
    {
        using var ann = await app.SignUpAsync("ann-x8");
        using var ben = await app.SignUpAsync("ben-x8");
        var foreign = await ann.NewGroupAsync("Ann's alone");
        await using var script = await ben.RunProgramAsync();
        List<string> answers = [];
        foreach (var room in new[] { Text(foreign), "123456789", "0" })
        {
            await script.SayAsync(new { room });
            answers.Add(await script.NextMessageAsync("error"));
            await script.SayAsync(new { room, rev = 0 });
            answers.Add(await script.NextMessageAsync("error"));
            await script.SayAsync(new { room, message = "let me in", client_id = "same" });
            answers.Add(await script.NextMessageAsync("error"));
        }
        await ann.SayAsync(foreign, "among ourselves");
        await script.RoundTripAsync();

        Assert.Equal(answers[..3], answers[3..6]);
        Assert.Equal(answers[..3], answers[6..]);
        Assert.DoesNotContain(script.All, f => f.Contains("among", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_loses_the_room_hears_no_more_of_it()
    {
        using var ann = await app.SignUpAsync("ann-x9");
        using var ben = await app.SignUpAsync("ben-x9");
        var room = await ann.NewGroupAsync("Short stay");
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
        await using var script = await ben.RunProgramAsync();
        await script.SayAsync(new { room = Text(room) });
        await script.NextMessageAsync("open");

        await ben.SubmitAsync($"/rooms/{room}/leave", "Leave group");
        await ann.SayAsync(room, "now that he is gone");

        await script.NextMessageAsync("unknown-room");
        await script.RoundTripAsync();
        Assert.DoesNotContain(script.All, f => f.Contains("now that he", StringComparison.Ordinal));
    }

    [Fact]
    public async Task From_now_on_from_the_beginning_and_from_a_change_on()
    {
        using var ann = await app.SignUpAsync("ann-x10");
        var room = await ann.NewGroupAsync("Times");
        for (var i = 2; i <= 4; i++)
            await ann.SayAsync(room, $"number {i}");
        await using var script = await ann.RunProgramAsync();

        foreach (var (opening, expected) in new (object, long[])[]
        {
            (new { room = Text(room) }, []), (new { room = Text(room), rev = (long?)null }, []), (new { room = Text(room), rev = 0 }, [1, 2, 3, 4]), (new { room = Text(room), rev = 2 }, [3, 4]),
            (new { room = Text(room), rev = 4 }, []), (new { room = Text(room), rev = 999 }, [1, 2, 3, 4]), (new { room = Text(room), rev = -1 }, [1, 2, 3, 4]),
        })
        {
            script.All.Clear();
            await script.SayAsync(opening);
            Assert.Equal(4, Json(await script.NextMessageAsync("\"open\"")).GetProperty("rev").GetInt64());
            Assert.Equal(expected, Seqs(script));
        }
        await script.SendAsync("""{"room":null}""");
        await script.RoundTripAsync();
        await ann.SayAsync(room, "into silence");
        await script.RoundTripAsync();
        Assert.DoesNotContain(script.All, f => f.Contains("silence", StringComparison.Ordinal));
    }

    [Fact]
    public async Task However_much_was_missed_nothing_is_left_out_and_first_sights_are_in_order()
    {
        using var ann = await app.SignUpAsync("ann-x11");
        var room = await ann.NewGroupAsync("Long");
        var id = await ann.IdAsync();
        const int many = 3 * LiveRoom.MostMissed;
        await Task.WhenAll(Enumerable.Range(0, many).Select(i => app.Get<MessageStore>().PostAsync(new NewPost(id, room, $"number {i}", $"long-{i}", 1))));
        await ann.ActAsync(room, 5, "reactions", ("emoji", "👍")); // its last change comes after all others
        await using var script = await ann.RunProgramAsync();

        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                await ann.ActAsync(room, 10 + i, "reactions", ("emoji", "🎉"));
                await ann.SayAsync(room, $"meanwhile {i}");
            }
        });
        await script.SayAsync(new { room = Text(room), rev = 0 });
        await script.NextMessageAsync("\"open\"");
        await writing;
        await ann.SayAsync(room, "the end");
        await script.NextMessageAsync("the end");

        var told = Messages(script);
        Assert.Equal(Enumerable.Range(1, many + 22).Select(i => (long)i), told.Select(m => m.Seq).Distinct());
        var last = new Dictionary<long, long>();
        foreach (var (seq, rev) in told)
        {
            Assert.True(rev > last.GetValueOrDefault(seq), $"{seq} was told twice as change {rev}");
            last[seq] = rev;
        }
        foreach (var changed in await app.Get<MessageStore>().ChangesAsync(room, 0, 10_000))
            Assert.Equal(changed.Rev, last[changed.Seq]);
    }

    [Fact]
    public async Task A_program_is_not_somebody_who_is_here_and_gets_nothing_that_is_made_for_pages()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann-x12", "ben-x12");
        await using var script = await ann.RunProgramAsync();
        await script.SayAsync(new { room = Text(room) });
        await script.NextMessageAsync("open");
        Assert.False(app.Get<Connections>().IsOnline(await ann.IdAsync()));
        Assert.DoesNotContain(await ann.IdAsync(), app.Get<Connections>().Online);

        await using var bens = await ben.ConnectAsync(); // coming, typing, reading, lists, profiles
        await bens.OpenAsync(room);
        await bens.SendAsync($$"""{"typing":"{{room}}"}""");
        var seq = await ben.SayAsync(room, "words");
        await bens.SendAsync($$"""{"read":"{{room}}","seq":{{seq}}}""");
        await ben.SubmitAsync("/me", "Save", ("Nickname", "Benjamin"));
        await ann.GetPageAsync($"/rooms/{room}");
        await bens.NextAsync(f => f.Contains("\"seen\"", StringComparison.Ordinal));
        await script.NextMessageAsync("words");
        await script.RoundTripAsync();

        Assert.All(script.All, f => Assert.StartsWith("{", f, StringComparison.Ordinal));
        Assert.All(script.All.Select(Json), f => Assert.Contains(f.EnumerateObject().First().Name, (string[])["room", "open", "error"]));
        foreach (var ofPages in new[] { $$"""{"typing":"{{room}}"}""", $$"""{"read":"{{room}}","seq":1}""" })
        {
            await script.SendAsync(ofPages);
            await script.NextMessageAsync("unknown-action");
        }
    }

    [Fact]
    public async Task Its_frames_have_the_limits_of_pages()
    {
        using var ann = await app.SignUpAsync("ann-x13");
        await using (var big = await ann.RunProgramAsync())
        {
            await big.SendAsync("{\"room\":\"1\",\"message\":\"" + new string('x', LiveEndpoint.MostBytesUp) + "\"}");
            Assert.Equal(1009, await big.ClosedAsync());
        }
        await using (var nonsense = await ann.RunProgramAsync())
        {
            for (var i = 0; i < 5; i++)
                await nonsense.SendAsync("{\"message\":\"without a room\"}");
            Assert.Equal(1008, await nonsense.ClosedAsync());
        }
        await using var binary = await ann.RunProgramAsync();
        await binary.SendAsync([1, 2], WebSocketMessageType.Binary, true);
        Assert.Equal(1003, await binary.ClosedAsync());
    }

    [Fact]
    public async Task The_twenty_first_program_of_one_person_closes_the_oldest_and_no_tab()
    {
        using var strict = new App(("WebChat:Limits:SocketsPerUser", "2"));
        using var ann = await strict.SignUpAsync("ann");
        await using var tab = await ann.ConnectAsync();
        var token = await ann.MakeTokenAsync();
        await using var first = await LiveSocket.ProgramAsync(strict.Address, token);
        await using var second = await LiveSocket.ProgramAsync(strict.Address, token);
        await using var third = await LiveSocket.ProgramAsync(strict.Address, token);

        Assert.Equal(4408, await first.ClosedAsync());
        foreach (var open in new[] { tab, second, third })
            await open.RoundTripAsync();
    }

    private async Task<HttpStatusCode?> RefusedAsync(string? token, Action<ClientWebSocketOptions>? also = null) =>
        (await Assert.ThrowsAsync<HttpRequestException>(() => LiveSocket.ProgramAsync(app.Address, token, also))).StatusCode;

    private static string Text(long room) => room.ToString(CultureInfo.InvariantCulture);

    private static JsonElement Json(string frame) => JsonElement.Parse(frame);

    private static string Str(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static List<(long Seq, long Rev)> Messages(LiveSocket socket)
    {
        lock (socket.All)
            return [.. socket.All.Select(Json).Where(f => f.TryGetProperty("seq", out _)).Select(f => (f.GetProperty("seq").GetInt64(), f.GetProperty("rev").GetInt64()))];
    }

    private static List<long> Seqs(LiveSocket socket) => [.. Messages(socket).Select(m => m.Seq)];
}
