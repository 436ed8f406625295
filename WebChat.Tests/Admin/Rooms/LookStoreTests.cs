using WebChat.Admin.Audit;
using WebChat.Admin.Reports;
using WebChat.Admin.Rooms;
using WebChat.Admin.Users;
using WebChat.Media;
using WebChat.Messages;
using WebChat.Messages.Formatting;
using WebChat.Messages.Reporting;
using WebChat.Messages.Search;
using WebChat.Shared;
using WebChat.Tests.Accounts;

namespace WebChat.Tests.Admin.Rooms;

public sealed class LookStoreOnSqlite() : LookStoreTests(Engine.Sqlite);

public sealed class LookStoreOnPostgres() : LookStoreTests(Engine.Postgres);

public abstract class LookStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private readonly TestClock clock = new();
    private LookStore store = null!;
    private RemovalStore removals = null!;
    private AuditStore audit = null!;
    private MediaStore media = null!;
    private long ann, ben, dan, room, seq;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        store = new LookStore(rows.Database, clock);
        removals = new RemovalStore(rows.Changes, clock);
        audit = new AuditStore(rows.Database, clock);
        media = new MediaStore(rows.Database, clock);
        (ann, ben, dan) = (await rows.UserAsync("ann"), await rows.UserAsync("ben"), await rows.UserAsync("dan"));
        await rows.Database.ExecuteAsync("UPDATE users SET is_admin = 1 WHERE id IN (@ann, @dan)", new { ann, dan });
        room = await rows.GroupAsync(ben);
        seq = (await rows.SayAsync(room, ben, "first words"))!.Seq;
        await rows.Changes.EditAsync(ben, room, seq, "second words", Mentioned.Nobody, 7);
        await rows.Database.ExecuteAsync(
            "INSERT INTO media (id, owner_id, room, seq, kind, name, type, bytes, hash, created_at) VALUES ('file', @ben, @room, @seq, 0, '', '', 1, '', 1)", new { ben, room, seq });
        while (await rows.Index.IndexAsync(room))
        {
            // until all of it is read
        }
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task Without_a_reason_there_is_nothing_to_be_seen()
    {
        await AssertBlindAsync(ann);
        Assert.Empty(await LogAsync());
    }

    [Fact]
    public async Task With_a_reason_that_stands_in_the_log_a_room_is_read_for_a_quarter_of_an_hour_by_who_gave_it()
    {
        Assert.True(await store.BeginAsync(ann, room, "a complaint"));

        Assert.Equal("a complaint", (await store.FindAsync(ann, room))!.Reason);
        Assert.Equal("second words", (await store.BeforeAsync(ann, room, long.MaxValue, 50))[^1].Body);
        Assert.Equal([seq], (await store.AfterAsync(ann, room, seq - 1, 50)).Select(m => m.Seq));
        Assert.Equal([new EarlierWords("first words", 7)], await store.EarlierAsync(ann, room, seq));
        Assert.Equal([seq], (await FindAsync(ann, "second")).Hits.Select(h => h.Seq));
        Assert.NotNull(await media.FindAsync(ann, "file"));
        var line = Assert.Single(await LogAsync());
        Assert.Equal((Act.Look, "ann", room, "a complaint"), (line.Act, line.Actor, line.Room, line.Detail));

        await AssertBlindAsync(dan); // another administrator
        Assert.Null(await store.MessageAsync(ann, await rows.GroupAsync(ben, "Others"), 1)); // another room
        clock.Pass(TimeSpan.FromMinutes(14));
        Assert.NotNull(await store.FindAsync(ann, room));
        clock.Pass(TimeSpan.FromMinutes(2));
        await AssertBlindAsync(ann);
    }

    [Fact]
    public async Task Who_is_no_administrator_and_who_is_none_any_more_reads_nothing()
    {
        Assert.False(await store.BeginAsync(ben, room, "curious"));
        Assert.False(await store.BeginAsync(ann, 1, "no such room"));
        await store.BeginAsync(ann, room, "a complaint");

        await rows.Database.ExecuteAsync("UPDATE users SET is_admin = 0 WHERE id = @ann", new { ann });

        await AssertBlindAsync(ann);
        Assert.Single(await LogAsync());
    }

    [Fact]
    public async Task A_message_is_removed_by_who_looks_for_everybody_with_its_files_and_what_it_said_before()
    {
        Assert.Equal(ChangeOutcome.Forbidden, await removals.RemoveAsync(ann, room, seq));
        await store.BeginAsync(ann, room, "a complaint");
        Assert.Equal(ChangeOutcome.Unknown, await removals.RemoveAsync(ann, room, 1)); // a note
        Assert.Equal(ChangeOutcome.Unknown, await removals.RemoveAsync(ann, room, 999));

        var cas = await rows.UserAsync("cas");
        await rows.JoinAsync(room, cas);
        await new MessageReportStore(rows.Database, clock).AddAsync(cas, room, seq, "this");

        Assert.Equal(ChangeOutcome.Changed, await removals.RemoveAsync(ann, room, seq));
        Assert.Equal(ChangeOutcome.Same, await removals.RemoveAsync(ann, room, seq));

        var after = (await rows.Messages.FindAsync(ben, room, seq))!;
        Assert.True(after is { IsRecalled: true, Body: "", Content: null } && after.RecalledBy == ann);
        Assert.Null(await media.FindAsync(ben, "file"));
        var reported = Assert.Single(await new CaseStore(rows.Database, rows.Changes, new AdminUserStore(rows.Database, clock), clock).ListAsync(ann, "", CasePlace.First));
        Assert.Equal((CaseOutcome.Removed, "ann"), (reported.Outcome, reported.ClosedBy));
        Assert.Empty(await store.EarlierAsync(ann, room, seq));
        Assert.Empty((await FindAsync(ann, "second")).Hits);
        Assert.Equal([(Act.RemoveMessage, $"#{seq}"), (Act.Look, "a complaint")], (await LogAsync()).Select(l => (l.Act, l.Detail)));
    }

    private async Task AssertBlindAsync(long user)
    {
        Assert.Null(await store.FindAsync(user, room));
        Assert.Empty(await store.BeforeAsync(user, room, long.MaxValue, 50));
        Assert.Empty(await store.AfterAsync(user, room, 0, 50));
        Assert.Null(await store.MessageAsync(user, room, seq));
        Assert.Empty(await store.EarlierAsync(user, room, seq));
        Assert.Empty((await FindAsync(user, "second")).Hits);
        Assert.Null(await media.FindAsync(user, "file"));
        Assert.Equal(ChangeOutcome.Forbidden, await removals.RemoveAsync(user, room, seq));
    }

    private Task<Found> FindAsync(long user, string words) =>
        rows.Search.FindAsync(user, new SearchQuery(new Sought(words)) { Room = room, LookedSince = Looking.Since(clock.GetUtcNow().ToUnixTimeMilliseconds()) });

    private Task<List<AuditLine>> LogAsync() => audit.ListAsync(new AuditFilter(), long.MaxValue, 10);
}
