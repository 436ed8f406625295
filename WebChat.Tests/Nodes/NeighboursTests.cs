using System.Text;
using WebChat.Live;
using WebChat.Shared;
using WebChat.Storage;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Nodes;

/// <summary>Installations that share one Redis, and what else may stand in it.</summary>
public sealed class NeighboursTests : IAsyncLifetime
{
    private RedisServer redis = null!;
    private App ours = null!, oursToo = null!, theirs = null!;

    public async Task InitializeAsync()
    {
        redis = await RedisServer.StartNewAsync();
        (ours, oursToo, theirs) = (Node("webchat"), Node("webchat"), Node("neighbours"));
    }

    public async Task DisposeAsync()
    {
        foreach (var node in new[] { ours, oursToo, theirs })
            await node.DisposeAsync();
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task Each_hears_its_own_words_and_not_its_neighbours()
    {
        var (heard, overheard) = (new TaskCompletionSource<string>(), new TaskCompletionSource<string>());
        await oursToo.Get<WebChat.Live.Nodes>().ListenAsync("wall", words => heard.TrySetResult(Encoding.UTF8.GetString(words.Span)));
        await theirs.Get<WebChat.Live.Nodes>().ListenAsync("wall", words => overheard.TrySetResult(Encoding.UTF8.GetString(words.Span)));

        ours.Get<WebChat.Live.Nodes>().Say("wall", "ours"u8.ToArray());
        Assert.Equal("ours", await heard.Task.WaitAsync(TimeSpan.FromSeconds(10)));
        theirs.Get<WebChat.Live.Nodes>().Say("wall", "theirs"u8.ToArray());

        Assert.Equal("theirs", await overheard.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Each_counts_for_itself_and_knows_who_is_in_its_own_house()
    {
        var minute = TimeSpan.FromMinutes(1);

        Assert.Null(await ours.Get<RateLimits>().TakeAsync("knock", "7", 1, minute));
        Assert.NotNull(await oursToo.Get<RateLimits>().TakeAsync("knock", "7", 1, minute));
        Assert.Null(await theirs.Get<RateLimits>().TakeAsync("knock", "7", 1, minute));
        Assert.True(await ours.Get<Roster>().ArriveAsync(7));
        Assert.False(await oursToo.Get<Roster>().ArriveAsync(7));
        Assert.True(await theirs.Get<Roster>().ArriveAsync(7));
    }

    [Fact]
    public async Task What_is_no_user_is_swept_from_the_roster_and_ends_nothing()
    {
        foreach (var (name, until) in new[] { ("abc", 9e15), ("", 9e15), ("long gone", 1d) })
            await ours.Get<Redis>().AskAsync(data => data.SortedSetAddAsync("online", name, until));
        await oursToo.Get<Roster>().ArriveAsync(8);

        await ours.Get<RedisRoster>().BeatAsync([9]);

        Assert.Equal([8], ours.Get<Roster>().Elsewhere);
        var left = await ours.Get<Redis>().AskAsync(data => data.SortedSetRangeByRankAsync("online"));
        Assert.Equal(["8", "9"], left.Select(v => (string)v!).Order(StringComparer.Ordinal));
    }

    private App Node(string prefix) => new(("WebChat:Redis", redis.Address), ("WebChat:RedisPrefix", prefix));
}
