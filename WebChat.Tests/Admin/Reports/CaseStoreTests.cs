using Dapper;
using WebChat.Admin.Audit;
using WebChat.Admin.Reports;
using WebChat.Admin.Users;
using WebChat.Contacts.Reporting;
using WebChat.Messages.Reporting;
using WebChat.Tests.Accounts;

namespace WebChat.Tests.Admin.Reports;

public sealed class CaseStoreOnSqlite() : CaseStoreTests(Engine.Sqlite);

public sealed class CaseStoreOnPostgres() : CaseStoreTests(Engine.Postgres);

public abstract class CaseStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private readonly TestClock clock = new();
    private CaseStore store = null!;
    private AuditStore audit = null!;
    private AdminUserStore users = null!;
    private MessageReportStore messages = null!;
    private ReportStore people = null!;
    private long ann, ben, cas, dan, room;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        users = new AdminUserStore(rows.Database, clock);
        store = new CaseStore(rows.Database, rows.Changes, users, clock);
        audit = new AuditStore(rows.Database, clock);
        messages = new MessageReportStore(rows.Database, clock);
        people = new ReportStore(rows.Database, clock);
        (ann, ben, cas, dan) = (await rows.UserAsync("ann"), await rows.UserAsync("ben", "Ben Bold"), await rows.UserAsync("cas"), await rows.UserAsync("dan"));
        await rows.Database.ExecuteAsync("UPDATE users SET is_admin = 1 WHERE id IN (@ann, @dan)", new { ann, dan });
        room = await rows.GroupAsync(cas, "Walkers"); // no administrator is in it
        await rows.JoinAsync(room, ben);
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task Those_that_wait_stand_first_the_longest_first_and_then_the_closed_ones_in_pages_that_are_whole()
    {
        for (var i = 0; i < 50; i++)
            await messages.AddAsync(cas, room, (await rows.SayAsync(room, ben, $"words {i}"))!.Seq, $"reason {i}");
        var all = (await WalkAsync("")).ToList();
        foreach (var closed in all.Take(30))
            Assert.Equal(CaseActed.Done, await store.DismissAsync(ann, closed.Id, ""));

        var pages = await WalkAsync("");

        Assert.Equal(all.Skip(30).Select(s => s.Id).Concat(all.Take(30).Select(s => s.Id).Reverse()), pages.Select(s => s.Id));
        Assert.Equal(20, await store.CountAsync(ann));
        Assert.Equal("reason 30", Assert.Single(pages[0].Reports).Reason);
        Assert.Equal("words 30", pages[0].Reports[0].Body);
        Assert.True(pages[0] is { RoomName: "Walkers", IsThere: true, Account: "ben", Count: 1 });
        Assert.True(pages[^1] is { Outcome: CaseOutcome.Dismissed, ClosedBy: "ann" });
    }

    [Theory]
    [InlineData("ADVERT", true)]
    [InlineData("50%", true)]
    [InlineData("5_%", false)]
    [InlineData("ben b", true)]
    [InlineData("cas", true)]
    [InlineData("bold", false)]
    [InlineData("广", true)]
    public async Task They_are_found_by_reason_by_whoever_reported_or_is_reported_and_by_room(string sought, bool isFound)
    {
        var said = (await rows.SayAsync(room, ben, "buy"))!;
        await messages.AddAsync(cas, room, said.Seq, "an advert, 50% off 广告");
        await people.AddPersonAsync(ann, "dan", "nothing of that");

        Assert.Equal(isFound ? 1 : 0, (await store.ListAsync(ann, sought, CasePlace.First)).Count);
        Assert.Single(await store.ListAsync(ann, $"{room}", CasePlace.First));
    }

    [Fact]
    public async Task Removing_the_message_closes_all_that_was_reported_of_it_and_its_readers_see_it_go()
    {
        var said = (await rows.SayAsync(room, ben, "words"))!;
        await messages.AddAsync(cas, room, said.Seq, "this");
        var id = (await store.ListAsync(ann, "", CasePlace.First))[0].Id;
        while (rows.Feed.Changes.TryRead(out _))
        {
            // what was said before
        }

        Assert.Equal(CaseActed.Done, await store.RemoveAsync(ann, id, "advertising"));

        var after = (await rows.Messages.FindAsync(cas, room, said.Seq))!;
        Assert.True(after is { IsRecalled: true, Body: "" } && after.RecalledBy == ann && after.Rev > said.Rev);
        Assert.True(rows.Feed.Changes.TryRead(out var told) && told.Seq == said.Seq && told.IsRecalled);
        Assert.True(await store.FindAsync(ann, id) is { Outcome: CaseOutcome.Removed, ClosedBy: "ann", Note: "advertising" } closed && closed.Reports[0].Body == "words");
        var line = Assert.Single(await LogAsync());
        Assert.Equal((Act.RemoveMessage, "ben", room, $"#{said.Seq} advertising"), (line.Act, line.Account, line.Room, line.Detail));
        Assert.Equal(0, await store.CountAsync(ann));
    }

    [Fact]
    public async Task What_is_gone_already_is_said_and_the_case_stays_open()
    {
        var said = (await rows.SayAsync(room, ben, "words"))!;
        await messages.AddAsync(cas, room, said.Seq, "this");
        await people.AddPersonAsync(cas, "ben", "them");
        await rows.Changes.RecallAsync(ben, room, said.Seq, 0, 1);
        var cases = await store.ListAsync(ann, "", CasePlace.First);

        Assert.False(cases[0].IsThere);
        Assert.Equal(CaseActed.Gone, await store.RemoveAsync(ann, cases[0].Id, ""));
        Assert.Equal(CaseActed.Gone, await store.RemoveAsync(ann, cases[1].Id, ""));
        Assert.Equal(2, await store.CountAsync(ann));
        Assert.Empty(await LogAsync());

        await rows.Rooms.DissolveAsync(room, cas);
        Assert.Equal(CaseActed.Gone, await store.RemoveAsync(ann, cases[0].Id, ""));
        Assert.Equal(CaseActed.Done, await store.DismissAsync(ann, cases[0].Id, ""));
    }

    [Fact]
    public async Task Disabling_the_person_is_one_act_with_closing_the_case_and_nobody_disables_who_has_left()
    {
        await people.AddPersonAsync(cas, "ben", "them");
        await people.AddPersonAsync(ben, "cas", "them too");
        var cases = await store.ListAsync(ann, "", CasePlace.First);

        Assert.Equal(CaseActed.Done, await store.DisableAsync(ann, cases[0].Id, "threats"));

        Assert.NotNull((await users.FindAsync("ben"))!.DisabledAt);
        var line = Assert.Single(await LogAsync());
        Assert.Equal((Act.Disable, "ben", "threats"), (line.Act, line.Account, line.Detail));
        Assert.Equal(1, await store.CountAsync(ann));
        await rows.Database.ExecuteAsync("UPDATE users SET deleted_at = 1 WHERE id = @cas", new { cas });
        Assert.Equal(CaseActed.Nobody, await store.DisableAsync(ann, cases[1].Id, ""));
    }

    [Fact]
    public async Task What_is_reported_of_an_administrator_the_others_see_and_close_and_they_themselves_only_where_there_are_no_others()
    {
        await people.AddPersonAsync(cas, "ann", "the administrator");
        var id = Assert.Single(await store.ListAsync(dan, "", CasePlace.First)).Id;

        Assert.Empty(await store.ListAsync(ann, "", CasePlace.First));
        Assert.Null(await store.FindAsync(ann, id));
        Assert.Equal(0, await store.CountAsync(ann));
        Assert.Equal(1, await store.CountAsync(dan));
        Assert.Equal(CaseActed.Unknown, await store.DismissAsync(ann, id, ""));
        Assert.Equal(CaseActed.Unknown, await store.DisableAsync(ann, id, ""));
        Assert.Empty(await LogAsync());

        await rows.Database.ExecuteAsync("UPDATE users SET is_admin = 0 WHERE id = @dan", new { dan });
        Assert.Equal(id, Assert.Single(await store.ListAsync(ann, "", CasePlace.First)).Id);
        Assert.Equal(CaseActed.Oneself, await store.DisableAsync(ann, id, ""));
        Assert.Equal(CaseActed.Done, await store.DismissAsync(ann, id, ""));
    }

    [Fact]
    public async Task Of_two_administrators_who_act_at_once_one_does_and_the_other_is_told()
    {
        for (var i = 0; i < 5; i++)
        {
            var said = (await rows.SayAsync(room, ben, $"words {i}"))!;
            await messages.AddAsync(cas, room, said.Seq, "this");
            var id = (await store.ListAsync(ann, "", CasePlace.First))[0].Id;

            var both = await Task.WhenAll(store.RemoveAsync(ann, id, ""), store.DismissAsync(dan, id, ""));

            Assert.Equal([CaseActed.Done, CaseActed.Closed], both.Order());
            Assert.Equal(i + 1, (await LogAsync()).Count);
        }
    }

    [Fact]
    public async Task Who_is_no_administrator_does_nothing()
    {
        var said = (await rows.SayAsync(room, ben, "words"))!;
        await messages.AddAsync(cas, room, said.Seq, "this");
        var id = (await store.ListAsync(ann, "", CasePlace.First))[0].Id;

        foreach (var act in new[] { store.DismissAsync(cas, id, ""), store.RemoveAsync(cas, id, ""), store.DisableAsync(cas, id, ""), store.DismissAsync(ann, 999, ""), store.RemoveAsync(ann, 999, "") })
            Assert.Equal(CaseActed.Unknown, await act);

        Assert.False((await rows.Messages.FindAsync(cas, room, said.Seq))!.IsRecalled);
        Assert.Equal(1, await store.CountAsync(ann));
        Assert.Empty(await LogAsync());
    }

    [Fact]
    public async Task An_act_that_cannot_be_written_to_the_log_is_not_done()
    {
        var said = (await rows.SayAsync(room, ben, "words"))!;
        await messages.AddAsync(cas, room, said.Seq, "this");
        var id = (await store.ListAsync(ann, "", CasePlace.First))[0].Id;
        await rows.Database.ExecuteAsync("ALTER TABLE audit RENAME TO elsewhere", new { });

        await Assert.ThrowsAnyAsync<Exception>(() => store.RemoveAsync(ann, id, ""));
        await Assert.ThrowsAnyAsync<Exception>(() => store.DisableAsync(ann, id, ""));
        await Assert.ThrowsAnyAsync<Exception>(() => store.DismissAsync(ann, id, ""));

        Assert.False((await rows.Messages.FindAsync(cas, room, said.Seq))!.IsRecalled);
        Assert.Null((await users.FindAsync("ben"))!.DisabledAt);
        Assert.Equal(1, await store.CountAsync(ann));
    }

    private Task<List<AuditLine>> LogAsync() => audit.ListAsync(new AuditFilter(), long.MaxValue, 100);

    /// <summary>All pages, one after the other, as the links between them lead.</summary>
    private async Task<List<Case>> WalkAsync(string sought)
    {
        var all = new List<Case>();
        for (var place = CasePlace.First; ;)
        {
            var page = await store.ListAsync(ann, sought, place);
            all.AddRange(page.Take(CaseStore.PageSize));
            if (page.Count <= CaseStore.PageSize)
                return all;
            place = all[^1].ClosedAt is null ? new CasePlace(all[^1].Id, long.MaxValue) : new CasePlace(0, all[^1].Id);
        }
    }
}
