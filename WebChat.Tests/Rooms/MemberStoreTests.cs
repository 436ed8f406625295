using Dapper;
using WebChat.Rooms;

namespace WebChat.Tests.Rooms;

public sealed class MemberStoreOnSqlite() : MemberStoreTests(Engine.Sqlite);

public sealed class MemberStoreOnPostgres() : MemberStoreTests(Engine.Postgres);

public abstract class MemberStoreTests(Engine engine) : IAsyncLifetime
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
    public async Task A_page_of_members_shows_those_who_lead_first_and_then_those_who_came_first()
    {
        var zoe = await rows.UserAsync("zoe");
        var people = new List<long>();
        for (var i = RoomStore.PageSize; i > 0; i--)
            people.Add(await rows.UserAsync($"person{i}"));
        var room = await rows.GroupAsync(zoe);
        foreach (var person in people)
            await rows.JoinAsync(room, person);

        var first = await rows.Members.PageAsync(room, people[0], 1);
        var second = await rows.Members.PageAsync(room, people[0], 2);

        Assert.Equal([zoe, .. people], first.Concat(second).Select(m => m.UserId));
        Assert.Equal(RoomStore.PageSize, first.Count);
        Assert.Empty(await rows.Members.PageAsync(room, people[0], 3));
        Assert.Empty(await rows.Members.PageAsync(room, outsider, 2));
    }

    [Fact]
    public async Task Members_at_once_never_pass_the_limit_and_nobody_is_in_twice()
    {
        var room = await rows.GroupAsync(ann);
        var people = new List<long>();
        for (var i = 0; i < 10; i++)
            people.Add(await rows.UserAsync($"person{i}"));

        var outcomes = await Task.WhenAll(people.Concat(people).Select(person => rows.Members.JoinAsync(room, person, "", 6, _ => { })));

        Assert.Equal(5, outcomes.Count(o => o == JoinOutcome.Joined));
        Assert.Equal(6, (await rows.Members.IdsAsync(room)).Distinct().Count());
        Assert.Equal(6, (await rows.Members.SizesAsync([room]))[room]);
        Assert.Equal(6, (await rows.Rooms.FindAsync(room, ann))!.Members);
    }

    [Fact]
    public async Task Joining_and_leaving_write_notes_without_gaps()
    {
        var room = await rows.GroupAsync(ann);
        Assert.Equal(JoinOutcome.Joined, await rows.JoinAsync(room, ben));
        Assert.Equal(JoinOutcome.AlreadyIn, await rows.JoinAsync(room, ben));
        Assert.Equal(MemberOutcome.Done, await rows.Members.LeaveAsync(room, ben, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Unknown, await rows.Members.LeaveAsync(room, ben, rows.Notes.Add));

        Assert.Equal([RoomNote.Created, RoomNote.Joined, RoomNote.Left], rows.Notes.Select(n => n.Body));
        Assert.Equal([1L, 2L, 3L], rows.Notes.Select(n => n.Seq));
        Assert.All(rows.Notes, note => Assert.Equal(MessageKind.Note, note.Kind));
    }

    [Fact]
    public async Task Only_those_above_remove_a_member()
    {
        var room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
        await rows.JoinAsync(room, outsider);

        Assert.Equal(MemberOutcome.Forbidden, await rows.Deeds.RemoveAsync(room, ben, outsider, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Forbidden, await rows.Deeds.RemoveAsync(room, ben, ann, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Forbidden, await rows.Deeds.RemoveAsync(room, ann, ann, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Done, await rows.Deeds.RemoveAsync(room, ann, outsider, rows.Notes.Add));

        Assert.Equal("removed outsider", rows.Notes[^1].Body);
        Assert.Null(await rows.Rooms.FindAsync(room, outsider));
        Assert.Equal(2, (await rows.Members.IdsAsync(room)).Count);
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
            (await rows.Members.NamedLikeAsync((await rows.Rooms.FindAsync(number, user))!, user, beginning, 6)).Select(m => m.Account);
    }
}
