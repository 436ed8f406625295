using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WebChat.Live;
using WebChat.Messages;
using WebChat.Rooms;
using WebChat.Storage;
using WebChat.Tests.Nodes;

namespace WebChat.Tests.Faults;

/// <summary>Three nodes that do not hear one in ten of each other's words.</summary>
public sealed class DeafCluster : Cluster
{
    protected override void Replace(IServiceCollection services)
    {
        services.AddSingleton<RedisNodes>();
        services.AddSingleton<WebChat.Live.Nodes, MumblingNodes>();
    }

    private sealed class MumblingNodes(RedisNodes nodes) : WebChat.Live.Nodes
    {
        public override bool AreMany => true;

        public override void Say(string channel, ReadOnlyMemory<byte> words)
        {
            if (Random.Shared.Next(10) != 0)
                nodes.Say(channel, words);
        }

        public override Task ListenAsync(string channel, Action<ReadOnlyMemory<byte>> hear) => nodes.ListenAsync(channel, hear);

        public override void Leave(string channel) => nodes.Leave(channel);
    }
}

[Collection(FaultRuns.Name)]
public sealed class LostWordsTests(DeafCluster cluster) : IClassFixture<DeafCluster>
{
    [Fact]
    public async Task Gaps_close_and_so_does_one_after_the_last_word()
    {
        var (ann, ben, room) = await cluster.First.FriendsAsync("mumbles", "listens");
        await using var second = await cluster.ConnectAsync(ben, 1);
        await using var third = await cluster.ConnectAsync(ben, 2);
        await second.OpenAsync(room, 1);
        await third.OpenAsync(room, 1);
        var token = await ann.TokenAsync();

        for (var round = 0; round < 10; round++)
        {
            for (var i = 0; i < 20; i++)
                await ann.SayAsync(room, $"word {round}-{i}", token);
            var since = System.Diagnostics.Stopwatch.StartNew();
            await second.NextMessageAsync(room, 1 + (round + 1) * 20);
            await third.NextMessageAsync(room, 1 + (round + 1) * 20);
            Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        }

        var all = Enumerable.Range(2, 200).Select(i => (long)i);
        Assert.Equal(all, second.Seqs(room).Distinct());
        Assert.Equal(all, third.Seqs(room).Distinct());
    }

    [Fact]
    public async Task The_same_post_a_hundred_times_at_once_at_three_nodes_is_one_message_and_a_hundred_equal_answers()
    {
        var (ann, ben, room) = await cluster.First.FriendsAsync("insists", "reads-once");
        var tokens = await ann.TokenAsync();
        var doors = cluster.Nodes.Select(ann.At).ToList();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => doors[i % 3].PostMessageAsync(room, "only once", "insist", tokens)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()))).Distinct(StringComparer.Ordinal));
        Assert.Single((await ben.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article.message"));
    }

    [Fact]
    public async Task A_commit_that_takes_two_seconds_is_skipped_by_no_reader()
    {
        var (ann, ben, room) = await cluster.First.FriendsAsync("is-slow", "is-patient");
        var other = await ann.NewGroupAsync("Meanwhile");
        await using var tab = await cluster.ConnectAsync(ben, 1);
        await tab.OpenAsync(room, 1);
        var token = await ann.TokenAsync();
        var locked = new TaskCompletionSource();
        var slow = SlowPostAsync(room, await ann.IdAsync(), locked);
        await locked.Task;

        var after = ann.SayAsync(room, "after the slow one", token);
        await ann.At(cluster.Nodes[1]).SayAsync(other, "elsewhere life goes on", token);
        Assert.False(slow.IsCompleted);
        await using var late = await cluster.ConnectAsync(ben, 2);
        await late.OpenAsync(room, 1);
        await slow;

        Assert.Equal(3, await after);
        foreach (var reader in new[] { tab, late })
        {
            await reader.NextMessageAsync(room, 3);
            Assert.Equal([2, 3], reader.Seqs(room).Distinct());
        }
    }

    /// <summary>A post as every other, but that its transaction stays open for two seconds before it commits.</summary>
    private Task<StoredMessage> SlowPostAsync(long room, long author, TaskCompletionSource locked)
    {
        var log = cluster.First.Get<RoomLog>();
        var slow = cluster.First.Get<Database>().Group<long, StoredMessage>(async (connection, rooms) =>
        {
            var head = (await log.LockAsync(connection, rooms))[room];
            var message = head.Next(new Author { Id = author, Account = "is-slow", Nickname = "is-slow" }, MessageKind.Text, "the slow one", "slow", 1_000);
            await log.AppendAsync(connection, [head], [message]);
            locked.TrySetResult();
            await Task.Delay(TimeSpan.FromSeconds(2)); // the fault itself, not a wait for something
            return [message];
        }, cluster.First.Get<RoomFeed>().Publish);
        return slow.WriteAsync(room);
    }
}
