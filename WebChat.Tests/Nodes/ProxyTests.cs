using System.Net;
using WebChat.Tests.Faults;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Nodes;

/// <summary>
/// The layout of docker-compose.yml as processes: two nodes behind Caddy with its file, over PostgreSQL and Redis. People know
/// the proxy's address alone.
/// </summary>
public sealed class ProxyTests : IAsyncLifetime
{
    private readonly List<Instance> nodes = [];
    private RedisServer redis = null!;
    private CaddyServer proxy = null!;

    public async Task InitializeAsync()
    {
        redis = await RedisServer.StartNewAsync();
        var postgres = await (await PostgresServer.SharedAsync()).NewDatabaseAsync();
        for (var i = 0; i < 2; i++)
        {
            nodes.Add(await Instance.StartAsync(Instance.Built, Instance.Project,
                ("WebChat__Storage__Postgres", postgres), ("WebChat__Redis", redis.Address), ("WebChat__TrustedProxies", "127.0.0.1"),
                ("WebChat__Limits__PostsPerSecond", "0"), ("WebChat__Limits__PostsPerMinute", "0"), ("WebChat__Limits__SignInsPerMinute", "2")));
        }
        proxy = await CaddyServer.StartNewAsync(nodes.Select(n => n.Address));
    }

    public async Task DisposeAsync()
    {
        await proxy.DisposeAsync();
        foreach (var node in nodes)
            await node.DisposeAsync();
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task A_tab_reads_on_through_the_proxy_while_its_node_is_killed_and_another_leaves()
    {
        using var ann = Visitor("steady");
        await ann.SetUpAsync();
        Assert.Contains(ann.Cookies.GetCookies(proxy.Address), c => c.Name == "__Host-webchat" && c.Secure); // the node knows that the visitor's line is HTTPS
        var room = await ann.NewGroupAsync("Ferry");
        var token = await ann.TokenAsync();
        await using var first = new Tab(room, _ => ann.ConnectAsync());
        while (first.Connects == 0)
            await Task.Delay(10); // two that come at once may both be sent to either
        await using var second = new Tab(room, _ => ann.ConnectAsync()); // the one with the fewest takes it: there is a tab at each node
        while (second.Connects == 0)
            await Task.Delay(10); // a post under way at the free one would make it as busy as the other
        var said = new List<string>();
        await SayAsync("post-both");

        await nodes[0].KillAsync();
        await SayAsync("post-one-killed");
        await ReadAsync();
        Assert.Equal(3, first.Connects + second.Connects); // one of the two had to come back, and the other noticed nothing

        await nodes[0].StartAgainAsync();
        await nodes[1].TerminateAsync();
        await SayAsync("post-the-other-leaves");
        Assert.Equal(0, await nodes[1].ExitedAsync());
        await SayAsync("post-the-other-gone");
        await ReadAsync();

        foreach (var tab in new[] { first, second })
        {
            var texts = tab.Seen.Where(m => m.Body.Length > 0).ToList();
            Assert.Equal(said, texts.Select(m => m.Body));
            Assert.Equal(Enumerable.Range((int)texts[0].Seq, texts.Count).Select(i => (long)i), texts.Select(m => m.Seq));
        }

        // As the page's script sends: again, with the same id, until it is there.
        async Task SayAsync(string name)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            for (var i = 0; i < 20; i++)
            {
                said.Add($"{name}-{i}");
                while (!await IsSentAsync($"{name}-{i}"))
                    limit.Token.ThrowIfCancellationRequested();
            }
        }

        async Task<bool> IsSentAsync(string body)
        {
            try
            {
                using var answer = await ann.PostMessageAsync(room, body, body, token);
                return answer.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        async Task ReadAsync()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (new[] { first, second }.Any(t => t.Seen.Count(m => m.Body.Length > 0) < said.Count))
                await Task.Delay(20, limit.Token);
        }
    }

    [Fact]
    public async Task Visitors_are_told_apart_by_where_they_come_from_and_not_by_what_they_say_of_it()
    {
        using (var ann = Visitor("owner"))
            await ann.SetUpAsync();
        using var pest = Visitor("pest", "127.0.0.2");
        pest.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "10.1.2.3");
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, (await pest.SignInAsync(password: "not it")).StatusCode);

        pest.Http.DefaultRequestHeaders.Remove("X-Forwarded-For");
        pest.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "10.4.5.6");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await pest.SignInAsync(password: "not it")).StatusCode); // at whichever node

        using var other = Visitor("owner", "127.0.0.3");
        Assert.Equal(HttpStatusCode.Redirect, (await other.SignInAsync()).StatusCode);
    }

    [Fact]
    public async Task Who_comes_without_TLS_is_sent_to_the_same_page_with_it()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = proxy.PlainAddress };
        var answer = await http.GetAsync("/rooms/5?after=3");
        Assert.Equal(HttpStatusCode.PermanentRedirect, answer.StatusCode);
        Assert.Equal(new Uri("https://localhost/rooms/5?after=3"), answer.Headers.Location); // the port that the world sees, whatever it is inside
    }

    private Person Visitor(string account, string from = "127.0.0.1") => new(proxy.Address, account, line: proxy.Line(from));
}
