using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using WebChat.Tests.Messages;

namespace WebChat.Tests.Live;

public sealed class SocketTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_wrong_or_missing_origin_is_forbidden(string origin)
    {
        var ann = await app.SignUpAsync("o" + Guid.NewGuid().ToString("N")[..12]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/live");
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", Convert.ToBase64String(new byte[16]));
        if (origin.Length > 0)
            request.Headers.TryAddWithoutValidation("Origin", origin);

        Assert.Equal(HttpStatusCode.Forbidden, (await ann.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_page_request_to_the_socket_is_told_to_upgrade()
    {
        var ann = await app.SignUpAsync("ann0");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/live");
        request.Headers.TryAddWithoutValidation("Origin", app.Address.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await ann.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Nobody_is_asked_to_sign_in()
    {
        await using var socket = await app.Visitor().ConnectAsync();
        Assert.Equal(4401, await socket.ClosedAsync());
    }

    [Fact]
    public async Task Signing_out_ends_the_feed_at_once_and_the_next_socket_is_refused()
    {
        var ann = await app.SignUpAsync("ann1");
        await using var socket = await ann.ConnectAsync();
        await socket.RoundTripAsync();

        var copied = app.Visitor();
        copied.Cookies.Add(ann.Cookies.GetAllCookies());
        await ann.SubmitAsync("/me", "Sign out");

        Assert.Equal(4401, await socket.ClosedAsync());
        await using var next = await ann.ConnectAsync();
        Assert.Equal(4401, await next.ClosedAsync());
        await using var thief = await copied.ConnectAsync();
        Assert.Equal(4401, await thief.ClosedAsync());
    }

    [Fact]
    public async Task A_frame_over_16_KiB_is_too_big()
    {
        await using var socket = await ConnectAsync("ann2");
        await socket.SendAsync(new string('x', 17 * 1024));
        Assert.Equal(1009, await socket.ClosedAsync());
    }

    [Fact]
    public async Task Ten_thousand_fragments_of_a_byte_are_too_big()
    {
        await using var socket = await ConnectAsync("ann3");
        try
        {
            for (var i = 0; i < 10_000; i++)
                await socket.SendAsync([(byte)'x'], WebSocketMessageType.Text, i == 9_999);
        }
        catch (Exception error) when (error is WebSocketException or InvalidOperationException)
        {
            // It was closed while we wrote, as it should be.
        }
        Assert.Equal(1009, await socket.ClosedAsync());
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_and_binary_are_refused()
    {
        await using var invalid = await ConnectAsync("ann4");
        await invalid.SendAsync([0xC3, 0x28], WebSocketMessageType.Text, true);
        Assert.Equal(1007, await invalid.ClosedAsync());

        await using var binary = await ConnectAsync("ben4");
        await binary.SendAsync([1, 2, 3], WebSocketMessageType.Binary, true);
        Assert.Equal(1003, await binary.ClosedAsync());
    }

    [Fact]
    public async Task Unknown_actions_are_named_and_the_fifth_closes()
    {
        await using var socket = await ConnectAsync("ann5");
        foreach (var nonsense in new[] { "{}", "not json", "[1]", """{"fly":true}""", """{"room":}""" })
            await socket.SendAsync(nonsense);
        Assert.Equal(1008, await socket.ClosedAsync());
        Assert.Equal(5, socket.All.Count(f => f.Contains("unknown-action", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_hundred_frames_a_second_are_misuse()
    {
        await using var socket = await ConnectAsync("ann6");
        var frame = Encoding.UTF8.GetBytes("""{"typing":"1"}""");
        try
        {
            for (var i = 0; i < 400; i++)
                await socket.SendAsync(frame, WebSocketMessageType.Text, true);
        }
        catch (Exception error) when (error is WebSocketException or InvalidOperationException)
        {
            // closed already
        }
        Assert.Equal(1008, await socket.ClosedAsync());
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public async Task A_hundred_pings_or_pongs_a_second_are_misuse_too(byte opcode)
    {
        using var ann = await app.SignUpAsync("q" + Guid.NewGuid().ToString("N")[..12]);
        using var line = await RawSocket.ConnectAsync(app, ann);

        await line.SayAsync([.. Enumerable.Repeat(RawSocket.Frame(opcode), 400).SelectMany(frame => frame)]);
        await line.ReadUntilAsync([0x03, 0xF0, .. "too fast"u8]);
    }

    [Fact]
    public async Task All_tabs_of_one_person_together_may_say_two_hundred_things_a_second()
    {
        using var strict = new App(("WebChat:Limits:SocketsPerUser", "20"));
        using var ann = await strict.SignUpAsync("ann");
        using var ben = await strict.SignUpAsync("ben");
        await using var bens = await ben.ConnectAsync();
        var tabs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RawSocket.ConnectAsync(strict, ann)));
        byte[] much = [.. Enumerable.Repeat(RawSocket.Frame(1, """{"typing":"1"}"""), 90).SelectMany(frame => frame)];

        await Task.WhenAll(tabs.Select(tab => tab.SayAsync(much)));

        await Task.WhenAny(tabs.Select(tab => tab.ReadUntilAsync([0x03, 0xF0, .. "too fast"u8])));
        await bens.RoundTripAsync();
        foreach (var tab in tabs)
            tab.Dispose();
    }

    [Fact]
    public async Task One_who_opens_rooms_without_end_waits_and_the_others_do_not()
    {
        using var strict = new App(("WebChat:Limits:OpeningsPerSecond", "1"));
        using var ann = await strict.SignUpAsync("ann");
        using var ben = await strict.SignUpAsync("ben");
        var lobby = await PostingTests.LobbyAsync(ann);
        await ann.SayAsync(lobby, "hello");
        await using var one = await ann.ConnectAsync();
        await using var other = await ann.ConnectAsync();
        await using var bens = await ben.ConnectAsync();
        var began = Stopwatch.GetTimestamp();

        for (var i = 0; i < 3; i++)
        {
            await one.SendAsync($$"""{"room":"{{lobby}}","rev":0}""");
            await other.SendAsync($$"""{"room":"{{lobby}}","rev":0}""");
        }
        await bens.OpenAsync(lobby);
        Assert.DoesNotContain("unknown-action", string.Concat(one.All, other.All), StringComparison.Ordinal);
        await one.RoundTripAsync();
        await other.RoundTripAsync();

        // Four are in reserve, so two more take two seconds; and every one was answered.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(1.9), TimeSpan.FromMinutes(1));
        Assert.Equal(6, one.All.Concat(other.All).Count(f => f.Contains("<article", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task After_signing_out_a_socket_is_not_heard()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann11", "ben11");
        using var line = await RawSocket.ConnectAsync(app, ben);
        await ann.SayAsync(room, "unread");
        await ben.SubmitAsync("/me", "Sign out");
        await line.ReadUntilAsync([0x11, 0x31, .. "sign in"u8]); // 4401

        await line.SayAsync([.. RawSocket.Frame(1, $$"""{"read":"{{room}}","seq":2}"""), .. RawSocket.Frame(8)]);
        await line.ReadToEndAsync();

        await ben.SignInAsync();
        Assert.NotNull((await ben.GetPageAsync("/rooms")).QuerySelector($"li[data-room='{room}'] .badge"));
    }

    [Fact]
    public async Task Nobody_can_say_anything_before_signing_in()
    {
        using var ann = await app.SignUpAsync("ann12");
        using var visitor = app.Visitor();
        using var line = await RawSocket.ConnectAsync(app, visitor);

        await line.SayAsync([.. RawSocket.Frame(1, $$"""{"room":"{{await PostingTests.LobbyAsync(ann)}}","rev":0}"""), .. RawSocket.Frame(1, "nonsense"), .. RawSocket.Frame(8)]);

        var answer = Encoding.ASCII.GetString(await line.ReadToEndAsync());
        Assert.Contains("sign in", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1", "")]
    [InlineData("1.1", "a..b")]
    [InlineData("1.1", "127.0.0.1:99999")]
    [InlineData("1.0", null)]
    public async Task A_host_that_is_none_is_no_origin_of_ours(string version, string? host)
    {
        var status = await RawSocket.AskAsync(app, $"GET /live HTTP/{version}\r\n{(host is null ? "" : $"Host: {host}\r\n")}Origin: http://x\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 40[03] ", status);
    }

    [Theory]
    [InlineData("\"1\"")]
    [InlineData("\"-5\"")]
    [InlineData("\"99999999999999999999\"")]
    [InlineData("12")]
    public async Task A_room_that_is_none_is_an_error_and_no_frame(string room)
    {
        await using var socket = await ConnectAsync("r" + Guid.NewGuid().ToString("N")[..12]);
        await socket.SendAsync($$"""{"room":{{room}},"rev":0}""");
        await socket.NextAsync(f => f.Contains("unknown-room", StringComparison.Ordinal));
        Assert.DoesNotContain(socket.All, f => f.Contains("<article", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_socket_too_many_closes_the_oldest()
    {
        using var strict = new App(("WebChat:Limits:SocketsPerUser", "3"));
        var ann = await strict.SignUpAsync("ann");
        await using var oldest = await ann.ConnectAsync();
        await oldest.RoundTripAsync();
        await using var second = await ann.ConnectAsync();
        await using var third = await ann.ConnectAsync();
        await using var fourth = await ann.ConnectAsync();

        Assert.Equal(4408, await oldest.ClosedAsync());
        await fourth.RoundTripAsync();
        await second.RoundTripAsync();
    }

    [Fact]
    public async Task Typing_reaches_those_who_have_the_room_open_and_nobody_else()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann8", "ben8");
        var cas = await app.SignUpAsync("cas8");
        await using var anns = await ann.ConnectAsync();
        await using var bens = await ben.ConnectAsync();
        await using var cass = await cas.ConnectAsync();
        await anns.OpenAsync(room);
        await bens.OpenAsync(room);
        await cass.OpenAsync(await PostingTests.LobbyAsync(cas));

        await anns.SendAsync($$"""{"typing":"{{room}}"}""");
        await cass.SendAsync($$"""{"typing":"{{room}}"}"""); // not theirs to say

        Assert.Contains("ann8", await bens.NextAsync(f => f.Contains("\"typing\"", StringComparison.Ordinal)), StringComparison.Ordinal);
        await cass.RoundTripAsync();
        await bens.RoundTripAsync();
        Assert.DoesNotContain(cass.All, f => f.Contains("\"typing\"", StringComparison.Ordinal));
        Assert.DoesNotContain(bens.All, f => f.Contains("cas8", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reading_in_one_tab_is_told_to_the_others_of_the_same_person_only()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann9", "ben9");
        var seq = await ann.SayAsync(room, "read me");
        await using var one = await ben.ConnectAsync();
        await using var two = await ben.ConnectAsync();
        await using var anns = await ann.ConnectAsync();

        await one.SendAsync($$"""{"read":"{{room}}","seq":{{seq}}}""");

        await two.NextAsync(f => f.Contains("\"read\"", StringComparison.Ordinal));
        await anns.RoundTripAsync();
        Assert.DoesNotContain(anns.All, f => f.Contains("\"read\"", StringComparison.Ordinal));
        Assert.Null((await ben.GetPageAsync("/rooms")).QuerySelector($"li[data-room='{room}'] .badge"));
    }

    private async Task<LiveSocket> ConnectAsync(string account) => await (await app.SignUpAsync(account)).ConnectAsync();
}
