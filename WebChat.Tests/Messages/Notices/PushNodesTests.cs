using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WebChat.Accounts.Push;
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

        // The node that had the page says at its next beat that it is closed.
        for (var deadline = DateTime.UtcNow.AddMinutes(1); !pushed.Contains("/ben"); await Task.Delay(1000))
        {
            Assert.True(DateTime.UtcNow < deadline, "nothing was pushed to the browser without a page");
            await there.SayAsync(room, "and now?");
        }
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

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(30); !isSo(); await Task.Delay(20))
            Assert.True(DateTime.UtcNow < deadline, "it did not come to pass");
    }
}
