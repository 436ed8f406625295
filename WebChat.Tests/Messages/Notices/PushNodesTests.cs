using System.Collections.Concurrent;
using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using WebChat.Accounts.Push;
using WebChat.Storage;
using WebChat.Tests.Accounts.Push;
using WebChat.Tests.Messages.Links;
using WebChat.Tests.Nodes;

namespace WebChat.Tests.Messages.Notices;

/// <summary>Three nodes, and a push service that they reach.</summary>
public sealed class PushedNodes : Cluster
{
    protected override void Replace(IServiceCollection services)
    {
        services.AddSingleton(Stranger.Reached());
        services.AddSingleton(new PushRules { Schemes = ["http"] });
    }
}

public sealed class PushNodesTests(PushedNodes cluster) : IClassFixture<PushedNodes>
{
    [Fact]
    public async Task A_page_that_is_open_at_another_node_is_called_there_and_its_browser_pushed_to_when_it_is_closed()
    {
        await using var service = await Stranger.StartAsync();
        var pushed = new ConcurrentQueue<string>();
        using var ann = await cluster.First.SignUpAsync("ann");
        using var ben = await cluster.First.SignUpAsync("ben");
        using var cas = await cluster.First.SignUpAsync("cas");
        var (room, other) = (await ben.BefriendAsync(ann), await cas.BefriendAsync(ann));
        foreach (var person in new[] { ben, cas })
            await SubscribeAsync(person, service, pushed);
        var there = ann.At(cluster.Nodes[1]);

        await using (var page = await cluster.ConnectAsync(ben, 2))
        {
            var id = await ben.IdAsync();
            await UntilAsync(() => cluster.Nodes[1].Get<WebChat.Live.Connections>().IsOnline(id)); // the word that they came
            await there.SayAsync(room, "at another node");
            await page.NextAsync(f => f.Contains("at another node", StringComparison.Ordinal) && f.StartsWith("{\"notice\"", StringComparison.Ordinal));
            // By the second of two words to somebody without a page, nothing is under way any more.
            for (var i = 1; i <= 2; i++)
            {
                await there.SayAsync(other, "to a witness");
                await UntilAsync(() => pushed.Count(p => p == "/cas") == i);
            }
            Assert.DoesNotContain("/ben", pushed);
        }

        // The node that had the page says so at once, and does not wait for its beat.
        await UntilAsync(async () => !await IsOpenAsync(ben), OpenPages.Beat / 2);
        await there.SayAsync(room, "and now?");
        await UntilAsync(() => pushed.Contains("/ben"));
    }

    [Fact]
    public async Task Pages_that_open_together_are_said_together_and_one_beside_another_not_at_all()
    {
        await using var service = await Stranger.StartAsync();
        using var dan = await cluster.First.SignUpAsync("dan");
        await SubscribeAsync(dan, service, []);
        await CountAsync();

        var first = await cluster.ConnectAsync(dan, 1);
        await UntilAsync(() => IsOpenAsync(dan));
        var pages = await Task.WhenAll(Enumerable.Range(0, 15).Select(i => cluster.ConnectAsync(dan, 1 + (i % 2))));
        await UntilAsync(async () => await CountedAsync() > 1);
        Assert.InRange(await CountedAsync(), 2, 4); // each of two nodes said it, and maybe its beat came

        var before = await CountedAsync();
        foreach (var page in pages)
            await page.DisposeAsync();
        await UntilAsync(async () => await CountedAsync() > before); // the second node has none, and takes its word back
        await UntilAsync(() => IsOpenAsync(dan), OpenPages.Beat / 2); // the first has one, and says so again

        before = await CountedAsync();
        await using (await cluster.ConnectAsync(dan, 1))
        {
            await first.DisposeAsync();
            Assert.True(await IsOpenAsync(dan));
            Assert.InRange(await CountedAsync(), before, before + 2); // whatever a beat says
        }
        await UntilAsync(async () => !await IsOpenAsync(dan), OpenPages.Beat / 2);
    }

    [Fact]
    public async Task All_nodes_have_one_key()
    {
        using var ann = await cluster.First.SignUpAsync("keys");

        var keys = await Task.WhenAll(cluster.Nodes.Select(async node =>
            (await ann.At(node).GetPageAsync("/me/notifications")).QuerySelector("[data-notify]")!.GetAttribute("data-key")));

        Assert.Single(keys.Distinct());
        Assert.Equal(65, System.Buffers.Text.Base64Url.DecodeFromChars(keys[0]).Length);
    }

    private static async Task SubscribeAsync(Person person, Stranger service, ConcurrentQueue<string> pushed)
    {
        service.Answers($"/{person.Account}", http =>
        {
            pushed.Enqueue(http.Request.Path);
            http.Response.StatusCode = 201;
            return Task.CompletedTask;
        });
        using var keys = new Receiver();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/me/notifications/subscribe")
        {
            Content = new FormUrlEncodedContent([new("endpoint", service.At($"/{person.Account}").ToString()), new("p256dh", keys.P256dhText), new("auth", keys.AuthText)]),
        };
        request.Headers.Add("RequestVerificationToken", await person.TokenAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await person.Http.SendAsync(request)).StatusCode);
    }

    /// <summary>Counts from now on what is said about open pages, statement by statement, in the database itself.</summary>
    private Task<int> CountAsync() => cluster.First.Get<Database>().WriteAsync(c => c.ExecuteAsync(
        """
        CREATE TABLE counted (n INTEGER NOT NULL);
        CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO counted VALUES (1); RETURN NULL; END $$;
        CREATE TRIGGER count_them AFTER UPDATE ON push_subscriptions FOR EACH STATEMENT EXECUTE FUNCTION count_it();
        """));

    private Task<int> CountedAsync() => cluster.First.Get<Database>().ReadAsync(c => c.ExecuteScalarAsync<int>("SELECT count(*) FROM counted"));

    private async Task<bool> IsOpenAsync(Person person)
    {
        var id = await person.IdAsync();
        return await cluster.First.Get<Database>().ReadAsync(c => c.ExecuteScalarAsync<bool>(
            "SELECT open_until > @now FROM push_subscriptions WHERE user_id = @id", new { id, now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() }));
    }

    private static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    private static async Task UntilAsync(Func<Task<bool>> isSo, TimeSpan? within = null)
    {
        for (var deadline = DateTime.UtcNow + (within ?? TimeSpan.FromSeconds(30)); !await isSo(); await Task.Delay(20))
            Assert.True(DateTime.UtcNow < deadline, "it did not come to pass");
    }
}
