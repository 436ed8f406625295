using WebChat.Rooms;

namespace WebChat.Tests.Rooms;

public sealed class ReadStoreOnSqlite() : ReadStoreTests(Engine.Sqlite);

public sealed class ReadStoreOnPostgres() : ReadStoreTests(Engine.Postgres);

public abstract class ReadStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private long ann, ben, outsider;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        outsider = await rows.UserAsync("outsider");
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task What_was_said_before_one_joins_is_not_unread()
    {
        var room = await rows.GroupAsync(ann);
        await rows.SayAsync(room, ann, "one");
        await rows.JoinAsync(room, ben);
        Assert.Equal(0, (await rows.Rooms.ListAsync(ben)).Single(r => r.Number == room).Unread);

        await rows.SayAsync(room, ann, "two");

        var seen = (await rows.Rooms.ListAsync(ben)).Single(r => r.Number == room);
        Assert.Equal((1L, "two", "ann"), (seen.Unread, seen.LastBody, seen.LastAuthor));
        Assert.Equal(1, (await rows.Reads.CountAsync(ben)).Unread);
        Assert.Equal(0, (await rows.Reads.CountAsync(outsider)).Unread);
    }

    [Fact]
    public async Task Reading_never_goes_backwards_nor_beyond_the_last_message()
    {
        var room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
        for (var i = 0; i < 5; i++)
            await rows.SayAsync(room, ann, "more");
        var head = (await rows.Rooms.FindAsync(room, ben))!.Seq;

        Assert.True(await rows.Reads.MarkAsync(ben, room, head));
        Assert.False(await rows.Reads.MarkAsync(ben, room, head));
        Assert.False(await rows.Reads.MarkAsync(ben, room, head - 1));
        Assert.False(await rows.Reads.MarkAsync(ben, room, head + 1));
        Assert.False(await rows.Reads.MarkAsync(ben, room, long.MaxValue));
        Assert.Equal(head, (await rows.Rooms.FindAsync(room, ben))!.ReadSeq);
    }

    [Fact]
    public async Task What_catches_the_eye_is_chosen_for_each_room_and_begins_with_all_but_in_the_lobby()
    {
        var lobby = (await rows.Rooms.ListAsync(ann)).Single(r => r.Kind == RoomKind.Lobby).Number;
        var group = await rows.GroupAsync(ann);
        var direct = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        await rows.JoinAsync(group, ben);
        foreach (var (room, level) in new[] { (lobby, NoticeLevel.Mentions), (group, NoticeLevel.All), (direct, NoticeLevel.All) })
            Assert.Equal(level, (await rows.Rooms.FindAsync(room, ben))!.Level);
        await rows.SayAsync(lobby, ann, "to nobody");
        await rows.SayAsync(group, ann, "one");
        await rows.SayAsync(group, ann, "two");
        Assert.Equal(2, (await rows.Reads.CountAsync(ben)).Unread);

        await rows.SayAsync(lobby, ann, "to @ben");
        Assert.Equal(3, (await rows.Reads.CountAsync(ben)).Unread);
        Assert.True(await rows.Reads.SetLevelAsync(group, ben, NoticeLevel.Mentions));
        Assert.Equal(1, (await rows.Reads.CountAsync(ben)).Unread);
        Assert.True(await rows.Reads.SetLevelAsync(lobby, ben, NoticeLevel.Nothing));

        Assert.Equal(0, (await rows.Reads.CountAsync(ben)).Unread);
        var seen = (await rows.Rooms.ListAsync(ben)).ToDictionary(r => r.Number);
        Assert.Equal((2L, false), (seen[group].Unread, seen[group].IsLoud));
        Assert.Equal((2L, true, false), (seen[lobby].Unread, seen[lobby].IsCalled, seen[lobby].IsLoud));
        Assert.Equal(NoticeLevel.All, (await rows.Rooms.FindAsync(group, ann))!.Level);
    }

    [Fact]
    public async Task Nobody_is_called_by_whom_they_have_blocked()
    {
        var cas = await rows.UserAsync("cas");
        var group = await rows.GroupAsync(ann);
        foreach (var member in new[] { ben, cas })
            await rows.JoinAsync(group, member);
        await rows.Contacts.BlockAsync(ben, "ann");

        await rows.SayAsync(group, ann, "@ben and @cas");
        await rows.SayAsync(group, ann, "@all of you");
        Assert.False((await rows.Rooms.ListAsync(ben)).Single(r => r.Number == group).IsCalled);
        Assert.True((await rows.Rooms.ListAsync(cas)).Single(r => r.Number == group).IsCalled);

        await rows.SayAsync(group, cas, "@ben then");
        Assert.True((await rows.Rooms.ListAsync(ben)).Single(r => r.Number == group).IsCalled);
    }

    [Fact]
    public async Task Nobody_chooses_for_a_room_they_are_not_in()
    {
        var room = await rows.GroupAsync(ann);

        Assert.False(await rows.Reads.SetLevelAsync(room, outsider, NoticeLevel.Nothing));
        Assert.False(await rows.Reads.SetLevelAsync(1, ann, NoticeLevel.Nothing));
        await rows.JoinAsync(room, ben);
        Assert.True(await rows.Reads.SetLevelAsync(room, ben, NoticeLevel.Nothing));
        Assert.NotEqual((await rows.Reads.CountAsync(ben)).Levels, (await rows.Reads.CountAsync(ann)).Levels);
        await rows.Members.LeaveAsync(room, ben, rows.Notes.Add);
        Assert.False(await rows.Reads.SetLevelAsync(room, ben, NoticeLevel.All));
        await rows.JoinAsync(room, ben);

        Assert.Equal(NoticeLevel.All, (await rows.Rooms.FindAsync(room, ben))!.Level);
        await rows.Rooms.DissolveAsync(room, ann);
        Assert.False(await rows.Reads.SetLevelAsync(room, ann, NoticeLevel.Nothing));
    }
}
