using System.Diagnostics.Metrics;
using WebChat.Live;
using WebChat.Messages;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Tests.Messages;

public sealed class RoomTailsTests(App app) : IClassFixture<App>
{
    private const long Room = 424_242_424;

    [Fact]
    public void A_reader_whose_view_ends_before_the_log_begins_has_to_look_again()
    {
        var (topics, tails) = (app.Get<Topics>(), app.Get<RoomTails>());
        using var slow = Reader(topics);
        using var quick = Reader(topics);
        // Both look while the second message is committed: one sees it, the other does not, and the first to say so sets where the log begins.
        slow.Subscribe(Room);
        quick.Subscribe(Room);
        tails.Publish(Message(2));
        Assert.True(tails.TryBegin(Room, 2, 1));
        Assert.True(quick.Attach(Room, 2, default));

        Assert.False(tails.TryBegin(Room, 1, 1));
        Assert.True(tails.TryBegin(Room, 2, 1));
    }

    [Fact]
    public async Task What_the_database_does_not_have_is_dropped_and_not_asked_for_again_and_again()
    {
        const long room = Room + 1;
        var (topics, tails) = (app.Get<Topics>(), app.Get<RoomTails>());
        using var reader = Reader(topics);
        reader.Subscribe(room);
        Assert.True(tails.TryBegin(room, 1, 1));

        tails.Publish(Message(1_000) with { Room = room });

        Assert.Equal(1, tails.HeldOf(room));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (tails.HeldOf(room) > 0)
            await Task.Delay(10, limit.Token);
    }

    [Fact]
    public async Task What_was_read_from_the_database_counts_as_late_and_as_a_gap_that_was_closed()
    {
        const long At = 77_777_000; // a day of the year 1970 on which nothing else here was written
        var (gaps, late) = (0L, 0);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (instrument.Meter.Name == Meters.Name)
                me.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, number, _, _) => Interlocked.Add(ref gaps, instrument.Name == "webchat.gaps_closed" ? number : 0));
        listener.SetMeasurementEventCallback<double>((instrument, number, _, _) => Interlocked.Add(ref late, instrument.Name == "webchat.delivery" && Math.Abs(number - (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - At)) < 60_000 ? 1 : 0));
        listener.Start();
        var (ann, ben, room) = await app.FriendsAsync("is-late", "waits");
        await using var tab = await ben.ConnectAsync();
        await tab.OpenAsync(room, 1);

        await CommitSilentlyAsync(room, await ann.IdAsync(), At);

        await tab.NextMessageAsync(room, 2);
        await app.Get<RoomTails>().CheckAsync();
        Assert.True(Volatile.Read(ref gaps) > 0);
        Assert.Equal(1, Volatile.Read(ref late));
    }

    [Fact]
    public async Task A_list_that_was_not_told_of_news_is_told_by_one_node_alone_too()
    {
        var (ann, ben, room) = await app.FriendsAsync("untold", "lists-late");
        await using var tab = await ben.ConnectAsync();
        await tab.RoundTripAsync();

        await CommitSilentlyAsync(room, await ann.IdAsync(), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

        await tab.NextAsync(f => f.StartsWith("""{"head":""", StringComparison.Ordinal) && f.Contains("nobody was told", StringComparison.Ordinal));
    }

    private Task CommitSilentlyAsync(long room, long author, long at) =>
        app.Get<Database>().WriteAsync(async c =>
        {
            var log = app.Get<RoomLog>();
            var head = (await log.LockAsync(c, [room]))[room];
            await log.AppendAsync(c, [head], [head.Next(new Author { Id = author, Account = "x", Nickname = "x" }, MessageKind.Text, "nobody was told", Guid.NewGuid().ToString("N"), at)]);
        });

    private static Connection Reader(Topics topics) =>
        new(Stream.Null, () => { }, topics, TimeProvider.System, new Reader { UserId = 1, Name = "", SessionId = "", Language = "en" });

    private static StoredMessage Message(long rev) =>
        new() { Room = Room, Seq = rev, Rev = rev, AuthorId = 1, Account = "x", Nickname = "x", Kind = MessageKind.Text, Body = "x", ClientId = "x", CreatedAt = 1 };
}
