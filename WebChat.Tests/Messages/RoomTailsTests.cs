using WebChat.Live;
using WebChat.Messages;
using WebChat.Rooms;

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
        Assert.True(tails.TryBegin(Room, 2));
        Assert.True(quick.Attach(Room, 2, default));

        Assert.False(tails.TryBegin(Room, 1));
        Assert.True(tails.TryBegin(Room, 2));
    }

    [Fact]
    public async Task What_the_database_does_not_have_is_dropped_and_not_asked_for_again_and_again()
    {
        const long room = Room + 1;
        var (topics, tails) = (app.Get<Topics>(), app.Get<RoomTails>());
        using var reader = Reader(topics);
        reader.Subscribe(room);
        Assert.True(tails.TryBegin(room, 1));

        tails.Publish(Message(1_000) with { Room = room });

        Assert.Equal(1, tails.HeldOf(room));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (tails.HeldOf(room) > 0)
            await Task.Delay(10, limit.Token);
    }

    private static Connection Reader(Topics topics) =>
        new(Stream.Null, () => { }, topics, TimeProvider.System, new Reader { UserId = 1, Name = "", SessionId = "", Language = "en" });

    private static StoredMessage Message(long rev) =>
        new() { Room = Room, Seq = rev, Rev = rev, AuthorId = 1, Account = "x", Nickname = "x", Kind = MessageKind.Text, Body = "x", ClientId = "x", CreatedAt = 1 };
}
