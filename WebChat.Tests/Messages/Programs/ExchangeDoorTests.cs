using System.Net;
using System.Net.WebSockets;
using WebChat.Live;
using WebChat.Shared;
using static WebChat.Tests.Messages.Programs.Exchanged;

namespace WebChat.Tests.Messages.Programs;

/// <summary>Who is let in as a program, to what, and for how long.</summary>
public sealed class ExchangeDoorTests(App app) : IClassFixture<App>
{
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
}
