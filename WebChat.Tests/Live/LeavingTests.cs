using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WebChat.Live;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Live;

/// <summary>SIGTERM to the real process.</summary>
public sealed class LeavingTests
{
    [Fact]
    public async Task It_says_so_first_then_sends_its_readers_away_and_finishes_what_was_begun()
    {
        await using var server = await Instance.StartAsync(Instance.Built, Instance.Project);
        using var ann = new Person(server.Address, "ann");
        await ann.SetUpAsync();
        var lobby = await Messages.PostingTests.LobbyAsync(ann);
        await using var socket = await ann.ConnectAsync();
        await socket.OpenAsync(lobby);
        using var post = await HalfAPostAsync(server.Address, ann, lobby, "begun before the end");

        await server.TerminateAsync();

        // While its readers are still there it answers that it is not ready, and takes what comes all the same.
        while (true)
        {
            var answer = await ann.Http.GetAsync("/readyz");
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                break;
        }
        Assert.Null(socket.CloseStatus);
        await ann.SayAsync(lobby, "on the way out");
        Assert.Equal(1001, await socket.ClosedAsync());
        await post.FinishAsync();
        Assert.StartsWith("HTTP/1.1 200", await post.AnswerAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await server.ExitedAsync());
        Assert.DoesNotContain("failed", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_who_never_finishes_holds_it_up_no_longer_than_it_may_take_and_is_no_fault_of_ours()
    {
        await using var server = await Instance.StartAsync(Instance.Built, Instance.Project, ("WebChat__Shutdown__PauseSeconds", "0"), ("WebChat__Shutdown__MostSeconds", "2"));
        using var ann = new Person(server.Address, "ann");
        await ann.SetUpAsync();
        using var post = await HalfAPostAsync(server.Address, ann, await Messages.PostingTests.LobbyAsync(ann), "never to be finished");

        var since = Stopwatch.StartNew();
        await server.TerminateAsync();

        Assert.Equal(0, await server.ExitedAsync());
        Assert.True(since.Elapsed < TimeSpan.FromSeconds(15), $"It took {since.Elapsed}.");
        Assert.DoesNotContain("failed", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Within_what_a_container_waits_before_it_kills() => Assert.InRange(new ShutdownOptions().MostSeconds, 5, 25);

    [Fact]
    public async Task A_socket_whose_handshake_was_under_way_is_sent_away_too()
    {
        using var app = new App();
        using var ann = await app.SignUpAsync("ann");
        app.Get<Connections>().CloseAll();

        await using var late = await ann.ConnectAsync();

        Assert.Equal(1001, await late.ClosedAsync());
    }

    /// <summary>A message of which the server has the head and the first words.</summary>
    private static async Task<HalfAPost> HalfAPostAsync(Uri address, Person person, long room, string content)
    {
        var token = await person.TokenAsync();
        var body = await new FormUrlEncodedContent([new("content", content), new("client_id", "half")]).ReadAsStringAsync();
        var head = $"""
            POST /rooms/{room.ToString(CultureInfo.InvariantCulture)}/messages HTTP/1.1
            Host: {address.Authority}
            Accept: application/json
            RequestVerificationToken: {token}
            Cookie: {person.Cookies.GetCookieHeader(address)}
            Content-Type: application/x-www-form-urlencoded
            Content-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}


            """.ReplaceLineEndings("\r\n");
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + body[..10]));
        return new HalfAPost(client, body[10..]);
    }

    private sealed class HalfAPost(TcpClient client, string rest) : IDisposable
    {
        public async Task FinishAsync() => await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(rest));

        public async Task<string> AnswerAsync()
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            return await reader.ReadLineAsync(limit.Token) ?? "nothing";
        }

        public void Dispose() => client.Dispose();
    }
}
