using Dapper;
using WebChat.Contacts.Reporting;
using WebChat.Messages.Reporting;
using WebChat.Tests.Accounts;

namespace WebChat.Tests.Messages.Reporting;

public sealed class MessageReportStoreOnSqlite() : MessageReportStoreTests(Engine.Sqlite);

public sealed class MessageReportStoreOnPostgres() : MessageReportStoreTests(Engine.Postgres);

public abstract class MessageReportStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private readonly TestClock clock = new();
    private MessageReportStore store = null!;
    private ReportStore people = null!;
    private long ann, ben, cas, room;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        store = new MessageReportStore(rows.Database, clock);
        people = new ReportStore(rows.Database, clock);
        (ann, ben, cas) = (await rows.UserAsync("ann"), await rows.UserAsync("ben"), await rows.UserAsync("cas"));
        room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
        await rows.JoinAsync(room, cas);
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task Who_is_in_the_room_reports_a_message_once_and_the_words_are_kept_as_they_were()
    {
        var said = (await rows.SayAsync(room, ben, "harsh words"))!;

        Assert.Equal(ReportOutcome.Stored, await store.AddAsync(ann, room, said.Seq, "not our tone"));
        Assert.Equal(ReportOutcome.AlreadyStored, await store.AddAsync(ann, room, said.Seq, "again"));
        await rows.Changes.EditAsync(ben, room, said.Seq, "soft words", WebChat.Messages.Formatting.Mentioned.Nobody, 5);
        Assert.Equal(ReportOutcome.Stored, await store.AddAsync(cas, room, said.Seq, "me too"));
        await rows.Changes.RecallAsync(ben, room, said.Seq, 0, 6);

        Assert.Equal([("not our tone", "harsh words"), ("me too", "soft words")], await RowsAsync());
        Assert.Equal(1, await CasesAsync());
    }

    [Fact]
    public async Task Outsiders_find_nothing_to_report_and_neither_does_anybody_in_notes_in_what_is_gone_and_in_their_own_words()
    {
        var eve = await rows.UserAsync("eve");
        var said = (await rows.SayAsync(room, ben, "words"))!;
        var gone = (await rows.SayAsync(room, ben, "gone"))!;
        await rows.Changes.RecallAsync(ben, room, gone.Seq, 0, 6);

        Assert.Equal(ReportOutcome.Unknown, await store.AddAsync(eve, room, said.Seq, "x"));
        Assert.Equal(ReportOutcome.Unknown, await store.AddAsync(ann, room, 999, "x"));
        Assert.Equal(ReportOutcome.Unknown, await store.AddAsync(ann, 1, said.Seq, "x"));
        Assert.Equal(ReportOutcome.Forbidden, await store.AddAsync(ben, room, said.Seq, "x"));
        Assert.Equal(ReportOutcome.Forbidden, await store.AddAsync(ann, room, gone.Seq, "x"));
        Assert.Equal(ReportOutcome.Forbidden, await store.AddAsync(ann, room, 1, "x"));

        Assert.Equal(0, await CasesAsync());
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task Who_has_blocked_the_other_reports_what_came_before_and_nothing_that_came_after()
    {
        var direct = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        var before = (await rows.SayAsync(direct, ben, "before"))!;
        await rows.Contacts.BlockAsync(ann, "ben");
        var after = (await rows.SayAsync(direct, ben, "after"))!;

        Assert.Equal(ReportOutcome.Stored, await store.AddAsync(ann, direct, before.Seq, "this"));
        Assert.Equal(ReportOutcome.Unknown, await store.AddAsync(ann, direct, after.Seq, "this"));
    }

    [Fact]
    public async Task However_many_report_at_once_it_is_one_case_and_one_report_of_each()
    {
        var said = (await rows.SayAsync(room, ben, "words"))!;

        await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(_ => new[] { store.AddAsync(ann, room, said.Seq, "a"), store.AddAsync(cas, room, said.Seq, "c"), people.AddPersonAsync(ann, "BEN", "p") }));

        Assert.Equal(2, await CasesAsync());
        Assert.Equal(3, (await RowsAsync()).Count);
    }

    [Fact]
    public async Task A_person_is_reported_by_others_and_a_closed_case_is_followed_by_another()
    {
        Assert.Equal(ReportOutcome.Stored, await people.AddPersonAsync(ann, "ben", "first"));
        Assert.Equal(ReportOutcome.AlreadyStored, await people.AddPersonAsync(ann, "ben", "again"));
        Assert.Equal(ReportOutcome.Unknown, await people.AddPersonAsync(ben, "ben", "myself"));
        Assert.Equal(ReportOutcome.Unknown, await people.AddPersonAsync(ann, "nobody", "x"));

        await rows.Database.ExecuteAsync("UPDATE cases SET closed_at = 1, closed_by = @ann, outcome = 1", new { ann });
        Assert.Equal(ReportOutcome.Stored, await people.AddPersonAsync(ann, "ben", "it goes on"));

        Assert.Equal(2, await CasesAsync());
    }

    private Task<long> CasesAsync() => rows.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM cases"));

    private Task<List<(string Reason, string? Body)>> RowsAsync() =>
        rows.Database.ReadAsync(async c => (await c.QueryAsync<(string, string?)>("SELECT reason, body FROM reports ORDER BY created_at, reporter_id")).AsList());
}
