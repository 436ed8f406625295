using WebChat.Messages;
using WebChat.Messages.Formatting;
using WebChat.Messages.Retention;
using WebChat.Rooms;

namespace WebChat.Tests.Messages;

public sealed class MissedReadsOnSqlite() : MissedReadsTests(Engine.Sqlite);

public sealed class MissedReadsOnPostgres() : MissedReadsTests(Engine.Postgres);

public abstract class MissedReadsTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private MissedReads missed = null!;
    private long ann, ben, room, begin;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        missed = new MissedReads(rows.Messages, TimeProvider.System);
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
        begin = await HeadAsync();
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task A_thousand_who_come_back_from_the_same_place_are_served_by_one_read()
    {
        await SayAsync("one");
        await SayAsync("two");
        var head = await HeadAsync();

        var all = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => missed.SinceAsync(room, begin, head, 1)));

        Assert.All(all, one => Assert.Same(all[0], one));
        Assert.Equal(["one", "two"], Words(all[0]));
        Assert.Same(all[0], await missed.SinceAsync(room, begin, head, 1));
    }

    [Fact]
    public async Task What_was_read_before_somebody_came_is_not_all_they_get()
    {
        var first = await SayAsync("first");
        await SayAsync("second");
        var early = await missed.SinceAsync(room, begin, await HeadAsync(), 1);
        await SayAsync("third");
        await rows.Changes.EditAsync(ann, room, first.Seq, "first, said anew", Mentioned.Nobody, Now());
        var head = await HeadAsync();

        var late = await missed.SinceAsync(room, begin, head, 1);

        Assert.Equal(["first", "second"], Words(early));
        Assert.Equal((await rows.Messages.ChangesAsync(room, begin, 10)).Select(m => (m.Rev, m.Seq, m.Body)), late.Messages.Select(m => (m.Rev, m.Seq, m.Body)));
        Assert.Equal(["second", "third", "first, said anew"], Words(late));
        Assert.Equal(head, late.Head);
    }

    [Fact]
    public async Task Who_comes_while_others_write_gets_everything_up_to_where_they_found_the_room_and_nothing_twice()
    {
        using var ended = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
                await SayAsync($"line {i}");
            await ended.CancelAsync();
        });
        var readers = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                var head = await HeadAsync();
                var got = await missed.SinceAsync(room, begin, head, 1);
                Assert.InRange(got.Head, head, long.MaxValue);
                Assert.Equal(Enumerable.Range(1, (int)(got.Head - begin)).Select(n => begin + n), got.Messages.Select(m => m.Rev));
            }
        }));
        await Task.WhenAll(readers.Append(writing));
    }

    [Fact]
    public async Task What_is_shared_in_one_room_is_not_told_in_another()
    {
        var other = await rows.GroupAsync(ann, "Others");
        await SayAsync("for walkers alone");
        var head = await HeadAsync();
        await missed.SinceAsync(room, 0, head, 1);

        var elsewhere = await missed.SinceAsync(other, 0, (await rows.Rooms.FindAsync(other, ann))!.Rev, 1);

        Assert.NotEmpty(elsewhere.Messages);
        Assert.All(elsewhere.Messages, m => Assert.Equal(other, m.Room));
    }

    [Fact]
    public async Task Beyond_two_hundred_changes_and_for_a_change_that_is_yet_to_come_it_is_the_newest_page()
    {
        for (var i = 0; i < Missed.Most + 1; i++)
            await SayAsync($"line {i}");
        var head = await HeadAsync();

        var tooMuch = await missed.SinceAsync(room, begin, head, 1);
        var madeUp = await missed.SinceAsync(room, head + 1000, head, 1);
        var justFits = await missed.SinceAsync(room, begin + 1, head, 1);

        Assert.Same(tooMuch, madeUp);
        Assert.True(tooMuch.IsAnew);
        Assert.Equal((MessageStore.PageSize, head), (tooMuch.Messages.Count, tooMuch.Head));
        Assert.False(justFits.IsAnew);
        Assert.Equal(Missed.Most, justFits.Messages.Count);

        await SayAsync("one more");
        var grown = await missed.SinceAsync(room, begin + 1, head + 1, 1);
        Assert.True(grown.IsAnew);
        Assert.Equal("one more", Words(grown)[^1]);
    }

    [Fact]
    public async Task What_was_deleted_for_its_age_is_told_to_nobody_who_comes_after()
    {
        await SayAsync("old");
        var head = await HeadAsync();
        Assert.Equal(["old"], Words(await missed.SinceAsync(room, begin, head, 1)));

        await new AgeStore(rows.Database, rows.Index).DeleteSomeAsync(room, long.MaxValue, 50);
        var view = (await rows.Rooms.FindAsync(room, ben))!;

        Assert.Equal(head, view.Rev);
        Assert.Empty((await missed.SinceAsync(room, begin, view.Rev, view.FirstSeq)).Messages);
    }

    private async Task<long> HeadAsync() => (await rows.Rooms.FindAsync(room, ben))!.Rev;

    private async Task<StoredMessage> SayAsync(string words) => (await rows.SayAsync(room, ann, words))!;

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static List<string> Words(Missed missed) => [.. missed.Messages.Select(m => m.Body)];
}
