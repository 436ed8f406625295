using Dapper;
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
            Assert.Empty(await rows.Rooms.MembersAsync(number, outsider, 1));
            Assert.False(await rows.Rooms.LeaveAsync(number, outsider, rows.Notes.Add));
            Assert.False(await rows.Rooms.UpdateAsync(number, outsider, "Mine", "", "", null, rows.Notes.Add));
            Assert.False(await rows.Rooms.RemoveAsync(number, outsider, ann, rows.Notes.Add));
            Assert.Null(await rows.Rooms.DissolveAsync(number, outsider));
            Assert.False(await rows.Rooms.MarkReadAsync(outsider, number, 1));
        }
        Assert.Equal("Walkers", (await rows.Rooms.FindAsync(room, ann))!.Name);
        Assert.DoesNotContain(await rows.Rooms.ListAsync(outsider), r => r.Number == room);
    }

    [Fact]
    public async Task Whom_one_may_name_begins_so_and_in_the_lobby_is_near()
    {
        await rows.UserAsync("bea", "Zoe_B");
        var room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
        var lobby = await rows.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT number FROM rooms WHERE kind = 0"));

        Assert.Equal(["ben"], await NamedAsync(room, ann, "b"));
        Assert.Equal(["ben"], await NamedAsync(room, ann, ""));
        Assert.Empty(await NamedAsync(lobby, ann, "b"));

        await rows.SayAsync(lobby, await rows.UserAsync("bo"), "hello");
        await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        Assert.Equal(["ben", "bo"], await NamedAsync(lobby, ann, "B"));
        Assert.Equal(["bo"], await NamedAsync(lobby, outsider, ""));
        await rows.SayAsync(lobby, (await rows.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT id FROM users WHERE account = 'bea'"))), "hello");
        Assert.Equal(["bea"], await NamedAsync(lobby, ann, "zoe_"));
        Assert.Empty(await NamedAsync(lobby, ann, "%"));
        Assert.Empty(await NamedAsync(lobby, ann, "_"));

        async Task<IEnumerable<string>> NamedAsync(long number, long user, string beginning) =>
            (await rows.Rooms.NamedLikeAsync((await rows.Rooms.FindAsync(number, user))!, user, beginning, 6)).Select(m => m.Account);
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

    [Fact]
    public async Task Members_at_once_never_pass_the_limit_and_nobody_is_in_twice()
    {
        var room = await rows.GroupAsync(ann);
        var people = new List<long>();
        for (var i = 0; i < 10; i++)
            people.Add(await rows.UserAsync($"person{i}"));

        var outcomes = await Task.WhenAll(people.Concat(people).Select(person => rows.Rooms.JoinAsync(room, person, 6, _ => { })));

        Assert.Equal(5, outcomes.Count(o => o == JoinOutcome.Joined));
        Assert.Equal(6, (await rows.Rooms.MemberIdsAsync(room)).Distinct().Count());
        Assert.Equal(6, (await rows.Rooms.SizesAsync([room]))[room]);
        Assert.Equal(6, (await rows.Rooms.FindAsync(room, ann))!.Members);
    }

    [Fact]
    public async Task A_page_of_members_shows_those_who_lead_first_and_then_those_who_came_first()
    {
        var zoe = await rows.UserAsync("zoe");
        var people = new List<long>();
        for (var i = RoomStore.PageSize; i > 0; i--)
            people.Add(await rows.UserAsync($"person{i}"));
        var room = await rows.GroupAsync(zoe);
        foreach (var person in people)
            await rows.JoinAsync(room, person);

        var first = await rows.Rooms.MembersAsync(room, people[0], 1);
        var second = await rows.Rooms.MembersAsync(room, people[0], 2);

        Assert.Equal([zoe, .. people], first.Concat(second).Select(m => m.UserId));
        Assert.Equal(RoomStore.PageSize, first.Count);
        Assert.Empty(await rows.Rooms.MembersAsync(room, people[0], 3));
        Assert.Empty(await rows.Rooms.MembersAsync(room, outsider, 2));
    }

    [Fact]
    public async Task Joining_and_leaving_write_notes_without_gaps()
    {
        var room = await rows.GroupAsync(ann);
        Assert.Equal(JoinOutcome.Joined, await rows.JoinAsync(room, ben));
        Assert.Equal(JoinOutcome.AlreadyIn, await rows.JoinAsync(room, ben));
        Assert.True(await rows.Rooms.LeaveAsync(room, ben, rows.Notes.Add));
        Assert.False(await rows.Rooms.LeaveAsync(room, ben, rows.Notes.Add));

        Assert.Equal([RoomNote.Created, RoomNote.Joined, RoomNote.Left], rows.Notes.Select(n => n.Body));
        Assert.Equal([1L, 2L, 3L], rows.Notes.Select(n => n.Seq));
        Assert.All(rows.Notes, note => Assert.Equal(MessageKind.Note, note.Kind));
    }

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
        Assert.Equal(1, (await rows.Rooms.CountAsync(ben)).Unread);
        Assert.Equal(0, (await rows.Rooms.CountAsync(outsider)).Unread);
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
        Assert.Equal(2, (await rows.Rooms.CountAsync(ben)).Unread);

        await rows.SayAsync(lobby, ann, "to @ben");
        Assert.Equal(3, (await rows.Rooms.CountAsync(ben)).Unread);
        Assert.True(await rows.Rooms.SetLevelAsync(group, ben, NoticeLevel.Mentions));
        Assert.Equal(1, (await rows.Rooms.CountAsync(ben)).Unread);
        Assert.True(await rows.Rooms.SetLevelAsync(lobby, ben, NoticeLevel.Nothing));

        Assert.Equal(0, (await rows.Rooms.CountAsync(ben)).Unread);
        var seen = (await rows.Rooms.ListAsync(ben)).ToDictionary(r => r.Number);
        Assert.Equal((2L, false), (seen[group].Unread, seen[group].IsLoud));
        Assert.Equal((2L, true, false), (seen[lobby].Unread, seen[lobby].IsCalled, seen[lobby].IsLoud));
        Assert.Equal(NoticeLevel.All, (await rows.Rooms.FindAsync(group, ann))!.Level);
    }

    [Fact]
    public async Task Nobody_chooses_for_a_room_they_are_not_in()
    {
        var room = await rows.GroupAsync(ann);

        Assert.False(await rows.Rooms.SetLevelAsync(room, outsider, NoticeLevel.Nothing));
        Assert.False(await rows.Rooms.SetLevelAsync(1, ann, NoticeLevel.Nothing));
        await rows.JoinAsync(room, ben);
        Assert.True(await rows.Rooms.SetLevelAsync(room, ben, NoticeLevel.Nothing));
        Assert.NotEqual((await rows.Rooms.CountAsync(ben)).Levels, (await rows.Rooms.CountAsync(ann)).Levels);
        await rows.Rooms.LeaveAsync(room, ben, rows.Notes.Add);
        Assert.False(await rows.Rooms.SetLevelAsync(room, ben, NoticeLevel.All));
        await rows.JoinAsync(room, ben);

        Assert.Equal(NoticeLevel.All, (await rows.Rooms.FindAsync(room, ben))!.Level);
        await rows.Rooms.DissolveAsync(room, ann);
        Assert.False(await rows.Rooms.SetLevelAsync(room, ann, NoticeLevel.Nothing));
    }

    [Fact]
    public async Task Reading_never_goes_backwards_nor_beyond_the_last_message()
    {
        var room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
        for (var i = 0; i < 5; i++)
            await rows.SayAsync(room, ann, "more");
        var head = (await rows.Rooms.FindAsync(room, ben))!.Seq;

        Assert.True(await rows.Rooms.MarkReadAsync(ben, room, head));
        Assert.False(await rows.Rooms.MarkReadAsync(ben, room, head));
        Assert.False(await rows.Rooms.MarkReadAsync(ben, room, head - 1));
        Assert.False(await rows.Rooms.MarkReadAsync(ben, room, head + 1));
        Assert.False(await rows.Rooms.MarkReadAsync(ben, room, long.MaxValue));
        Assert.Equal(head, (await rows.Rooms.FindAsync(room, ben))!.ReadSeq);
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
        var lobby = (await rows.Rooms.CountAsync(ann)).Lobby;

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
    public async Task Only_those_above_remove_a_member()
    {
        var room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
        await rows.JoinAsync(room, outsider);

        Assert.False(await rows.Rooms.RemoveAsync(room, ben, outsider, rows.Notes.Add));
        Assert.False(await rows.Rooms.RemoveAsync(room, ben, ann, rows.Notes.Add));
        Assert.False(await rows.Rooms.RemoveAsync(room, ann, ann, rows.Notes.Add));
        Assert.True(await rows.Rooms.RemoveAsync(room, ann, outsider, rows.Notes.Add));

        Assert.Equal("removed outsider", rows.Notes[^1].Body);
        Assert.Null(await rows.Rooms.FindAsync(room, outsider));
        Assert.Equal(2, (await rows.Rooms.MemberIdsAsync(room)).Count);
    }

    [Fact]
    public async Task The_owner_cannot_leave_and_nobody_else_can_dissolve()
    {
        var room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);

        Assert.False(await rows.Rooms.LeaveAsync(room, ann, rows.Notes.Add));
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

        Assert.True(await rows.Rooms.UpdateAsync(room, ann, "Before", "A memo", "Hear ye", null, rows.Notes.Add));
        Assert.Equal(notes, rows.Notes.Count);
        Assert.True(await rows.Rooms.UpdateAsync(room, ann, "After that", "A memo", "", null, rows.Notes.Add));

        Assert.Equal("renamed After that", rows.Notes[^1].Body);
        Assert.Equal([room], (await rows.Rooms.FindGroupsAsync("after", ben, 1)).Select(g => g.Number));
    }

    [Fact]
    public async Task Everybody_is_in_one_lobby()
    {
        var lobbies = new[] { await rows.Rooms.CountAsync(ann), await rows.Rooms.CountAsync(ben), await rows.Rooms.CountAsync(outsider) };

        Assert.Single(lobbies.Select(l => l.Lobby).Distinct());
        Assert.Equal(3, (await rows.Rooms.MemberIdsAsync(lobbies[0].Lobby)).Count);
        Assert.Null((await rows.Rooms.FindAsync(lobbies[0].Lobby, ann))!.Name);
        Assert.False(await rows.Rooms.LeaveAsync(lobbies[0].Lobby, ann, rows.Notes.Add));
    }
}
