using WebChat.Rooms;

namespace WebChat.Tests.Rooms;

public sealed class RoomStoreOnSqlite() : RoomStoreTests(Engine.Sqlite);

public sealed class RoomStoreOnPostgres() : RoomStoreTests(Engine.Postgres);

public abstract class RoomStoreTests(Engine engine) : IAsyncLifetime
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
    public async Task A_foreign_room_and_one_that_never_was_are_the_same_nothing()
    {
        var room = await rows.GroupAsync(ann);

        Assert.NotNull(await rows.Rooms.FindAsync(room, ann));
        foreach (var number in new[] { room, 1, 0, -1, long.MaxValue, long.MinValue })
        {
            Assert.Null(await rows.Rooms.FindAsync(number, outsider));
            Assert.Empty(await rows.Members.PageAsync(number, outsider, 1));
            Assert.Equal(MemberOutcome.Unknown, await rows.Members.LeaveAsync(number, outsider, rows.Notes.Add));
            Assert.False(await rows.Rooms.UpdateAsync(number, outsider, new GroupForm { Name = "Mine" }, null, rows.Notes.Add));
            Assert.Equal(MemberOutcome.Unknown, await rows.Deeds.RemoveAsync(number, outsider, ann, rows.Notes.Add));
            Assert.Null(await rows.Rooms.DissolveAsync(number, outsider));
            Assert.False(await rows.Reads.MarkAsync(outsider, number, 1));
        }
        Assert.Equal("Walkers", (await rows.Rooms.FindAsync(room, ann))!.Name);
        Assert.DoesNotContain(await rows.Rooms.ListAsync(outsider), r => r.Number == room);
    }

    [Fact]
    public async Task Room_numbers_have_nine_digits()
    {
        for (var i = 0; i < 20; i++)
            Assert.InRange(await rows.GroupAsync(ann), 100_000_000, 999_999_999);
    }

    [Fact]
    public async Task Groups_at_once_never_pass_the_limit()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => rows.Rooms.CreateGroupAsync(ann, $"Group {i}", "", null, 5, _ => { })));

        Assert.Equal(5, made.Count(number => number is not null));
        Assert.Equal(5, (await rows.Rooms.OwnedAsync(ann)).Count);
        Assert.NotNull(await rows.Rooms.CreateGroupAsync(ben, "Another's", "", null, 5, _ => { }));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("\\")]
    [InlineData("'")]
    [InlineData("\"")]
    [InlineData("*")]
    public async Task Wildcards_and_quotes_find_only_themselves(string sign)
    {
        var has = await rows.GroupAsync(ann, $"a{sign}b");
        await rows.GroupAsync(ann, "acb");

        Assert.Equal([has], (await rows.Rooms.FindGroupsAsync(sign, ben, 1)).Select(g => g.Number));
        Assert.Equal([has], (await rows.Rooms.FindGroupsAsync($"A{sign}B", ben, 1)).Select(g => g.Number));
    }

    [Fact]
    public async Task Only_groups_are_found_by_their_number()
    {
        var group = await rows.GroupAsync(ann, "Book club");
        var direct = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        var lobby = (await rows.Reads.CountAsync(ann)).Lobby;

        Assert.Equal([group], (await rows.Rooms.FindGroupsAsync($"{group}", outsider, 1)).Select(g => g.Number));
        Assert.Empty(await rows.Rooms.FindGroupsAsync($"{direct}", outsider, 1));
        Assert.Empty(await rows.Rooms.FindGroupsAsync($"{lobby}", outsider, 1));
        Assert.Equal(JoinOutcome.Unknown, await rows.JoinAsync(direct, outsider));
        Assert.Equal(JoinOutcome.Unknown, await rows.JoinAsync(lobby, outsider));
    }

    [Fact]
    public async Task Pages_of_found_groups_are_disjoint()
    {
        for (var i = 0; i < RoomStore.PageSize + 3; i++)
            await rows.GroupAsync(ann, $"Choir {i:00}");

        var first = await rows.Rooms.FindGroupsAsync("choir", ben, 1);
        var second = await rows.Rooms.FindGroupsAsync("choir", ben, 2);

        Assert.Equal(RoomStore.PageSize + 1, first.Count); // one more, to know that there is a next page
        Assert.Equal(3, second.Count);
        Assert.Empty(first.Take(RoomStore.PageSize).Select(g => g.Number).Intersect(second.Select(g => g.Number)));
    }

    [Fact]
    public async Task The_owner_cannot_leave_and_nobody_else_can_dissolve()
    {
        var room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);

        Assert.Equal(MemberOutcome.Forbidden, await rows.Members.LeaveAsync(room, ann, rows.Notes.Add));
        Assert.Null(await rows.Rooms.DissolveAsync(room, ben));
        Assert.Equal([ann, ben], (await rows.Rooms.DissolveAsync(room, ann))!.Order());

        Assert.Null(await rows.Rooms.FindAsync(room, ann));
        Assert.Null(await rows.Rooms.DissolveAsync(room, ann));
        Assert.Equal(JoinOutcome.Unknown, await rows.JoinAsync(room, outsider));
        Assert.Empty(await rows.Rooms.FindGroupsAsync($"{room}", ann, 1));
        Assert.Null(await rows.SayAsync(room, ann, "anybody?"));
    }

    [Fact]
    public async Task A_new_name_is_noted_and_a_new_memo_is_not()
    {
        var room = await rows.GroupAsync(ann, "Before");
        var notes = rows.Notes.Count;

        Assert.True(await rows.Rooms.UpdateAsync(room, ann, new GroupForm { Name = "Before", Memo = "A memo" }, null, rows.Notes.Add));
        Assert.Equal(notes, rows.Notes.Count);
        Assert.True(await rows.Rooms.UpdateAsync(room, ann, new GroupForm { Name = "After that", Memo = "A memo" }, null, rows.Notes.Add));

        Assert.Equal("renamed After that", rows.Notes[^1].Body);
        Assert.Equal([room], (await rows.Rooms.FindGroupsAsync("after", ben, 1)).Select(g => g.Number));
    }

    [Fact]
    public async Task Everybody_is_in_one_lobby()
    {
        var lobbies = new[] { await rows.Reads.CountAsync(ann), await rows.Reads.CountAsync(ben), await rows.Reads.CountAsync(outsider) };

        Assert.Single(lobbies.Select(l => l.Lobby).Distinct());
        Assert.Equal(3, (await rows.Members.IdsAsync(lobbies[0].Lobby)).Count);
        Assert.Null((await rows.Rooms.FindAsync(lobbies[0].Lobby, ann))!.Name);
        Assert.Equal(MemberOutcome.Forbidden, await rows.Members.LeaveAsync(lobbies[0].Lobby, ann, rows.Notes.Add));
    }
}
