using WebChat.Messages;
using WebChat.Rooms;

namespace WebChat.Tests.Rooms;

public sealed class RoleStoreOnSqlite() : RoleStoreTests(Engine.Sqlite);

public sealed class RoleStoreOnPostgres() : RoleStoreTests(Engine.Postgres);

/// <summary>What members of a group do to each other.</summary>
public abstract class RoleStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private long ann, ben, cas, outsider, room;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        cas = await rows.UserAsync("cas");
        outsider = await rows.UserAsync("outsider");
        room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
        await rows.JoinAsync(room, cas);
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task An_administrator_is_made_once_and_leads_until_the_owner_ends_it()
    {
        Assert.Equal(MemberOutcome.Forbidden, await rows.Deeds.PromoteAsync(room, ben, cas, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Unknown, await rows.Deeds.PromoteAsync(room, outsider, cas, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Gone, await rows.Deeds.PromoteAsync(room, ann, outsider, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Done, await rows.Deeds.PromoteAsync(room, ann, ben, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Same, await rows.Deeds.PromoteAsync(room, ann, ben, rows.Notes.Add));

        Assert.Equal("promoted ben", rows.Notes[^1].Body);
        Assert.True((await rows.Rooms.FindAsync(room, ben))!.May(RoomAction.ChangeSettings));
        Assert.Equal(MemberOutcome.Forbidden, await rows.Deeds.PromoteAsync(room, ben, cas, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Forbidden, await rows.Deeds.DemoteAsync(room, ben, ben, rows.Notes.Add));

        Assert.Equal(MemberOutcome.Done, await rows.Deeds.DemoteAsync(room, ann, ben, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Same, await rows.Deeds.DemoteAsync(room, ann, ben, rows.Notes.Add));
        Assert.Equal("demoted ben", rows.Notes[^1].Body);
        Assert.False((await rows.Rooms.FindAsync(room, ben))!.May(RoomAction.ChangeSettings));
        Assert.Equal(2, rows.Notes.Count(n => n.Body.EndsWith("moted ben", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Administrators_do_not_touch_each_other_nor_the_owner()
    {
        await rows.Deeds.PromoteAsync(room, ann, ben, rows.Notes.Add);
        await rows.Deeds.PromoteAsync(room, ann, cas, rows.Notes.Add);

        foreach (var other in new[] { cas, ann })
        {
            Assert.Equal(MemberOutcome.Forbidden, await rows.Deeds.RemoveAsync(room, ben, other, rows.Notes.Add));
            Assert.Equal(MemberOutcome.Forbidden, await rows.Deeds.MuteAsync(room, ben, other, long.MaxValue, rows.Notes.Add));
            Assert.Equal(MemberOutcome.Forbidden, await rows.Deeds.DemoteAsync(room, ben, other, rows.Notes.Add));
        }
        Assert.Equal(3, (await rows.Members.IdsAsync(room)).Count);
        Assert.Equal(MemberOutcome.Done, await rows.Deeds.MuteAsync(room, ann, cas, long.MaxValue, rows.Notes.Add));
    }

    [Fact]
    public async Task Who_is_muted_reads_and_says_nothing_until_it_ends_by_itself()
    {
        var before = (await rows.SayAsync(room, ben, "before"))!;
        var until = Now + 600_000;
        Assert.Equal(MemberOutcome.Done, await rows.Deeds.MuteAsync(room, ann, ben, until, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Same, await rows.Deeds.MuteAsync(room, ann, ben, until + 3, rows.Notes.Add)); // pressed twice

        Assert.Equal(PostOutcome.Muted, (await PostAsync(ben, Now)).Outcome);
        Assert.Equal(ChangeOutcome.Muted, (await rows.Changes.EditAsync(ben, room, before.Seq, "after", new([], false), Now)).Outcome);
        Assert.Equal(ChangeOutcome.Muted, (await rows.Changes.ReactAsync(ben, room, before.Seq, "👍")).Outcome);
        Assert.Equal(until, (await rows.Rooms.FindAsync(room, ben))!.MutedUntil);
        Assert.Equal(until, (await rows.Members.PageAsync(room, cas, 1)).Single(m => m.UserId == ben).MutedUntil);
        Assert.Equal(PostOutcome.Stored, (await PostAsync(cas, Now)).Outcome);
        Assert.Equal(PostOutcome.Stored, (await PostAsync(ben, until + 1)).Outcome);
        Assert.Single(rows.Notes, n => n.Body == "muted ben");
    }

    [Fact]
    public async Task What_was_said_before_one_was_muted_is_still_known_when_it_is_sent_again()
    {
        var post = new NewPost(ben, room, "once", "the-same", Now);
        Assert.Equal(PostOutcome.Stored, (await rows.Messages.PostAsync(post)).Outcome);
        await rows.Deeds.MuteAsync(room, ann, ben, long.MaxValue, rows.Notes.Add);

        Assert.Equal(PostOutcome.AlreadyStored, (await rows.Messages.PostAsync(post)).Outcome);
    }

    [Fact]
    public async Task Leaving_and_coming_back_ends_no_mute_and_leading_the_group_does()
    {
        await rows.Deeds.MuteAsync(room, ann, ben, long.MaxValue, rows.Notes.Add);
        await rows.Members.LeaveAsync(room, ben, rows.Notes.Add);
        await rows.JoinAsync(room, ben);
        Assert.Equal(PostOutcome.Muted, (await PostAsync(ben, Now)).Outcome);

        await rows.Deeds.PromoteAsync(room, ann, ben, rows.Notes.Add);
        Assert.Equal(PostOutcome.Stored, (await PostAsync(ben, Now)).Outcome);

        await rows.Deeds.MuteAsync(room, ann, cas, long.MaxValue, rows.Notes.Add);
        Assert.Equal(MemberOutcome.Done, await rows.Deeds.UnmuteAsync(room, ben, cas, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Same, await rows.Deeds.UnmuteAsync(room, ben, cas, rows.Notes.Add));
        Assert.Equal(PostOutcome.Stored, (await PostAsync(cas, Now)).Outcome);
    }

    [Fact]
    public async Task A_group_has_one_owner_before_and_after_it_is_handed_over()
    {
        Assert.Equal(MemberOutcome.Forbidden, await rows.Deeds.HandOverAsync(room, ben, cas, 0, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Gone, await rows.Deeds.HandOverAsync(room, ann, outsider, 0, rows.Notes.Add));

        var outcomes = await Task.WhenAll(new[] { ben, cas }.Select(to => rows.Deeds.HandOverAsync(room, ann, to, 0, _ => { })));

        Assert.Single(outcomes, MemberOutcome.Done);
        var members = await rows.Members.PageAsync(room, ann, 1);
        var owner = Assert.Single(members, m => m.Role == Role.Owner).UserId;
        Assert.Contains(owner, new[] { ben, cas });
        Assert.Equal(Role.Administrator, members.Single(m => m.UserId == ann).Role);
        Assert.Equal([room], (await rows.Rooms.OwnedAsync(owner)).Select(r => r.Number));
        Assert.Empty(await rows.Rooms.OwnedAsync(ann));
        Assert.Equal(MemberOutcome.Same, await rows.Deeds.HandOverAsync(room, ann, owner, 0, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Done, await rows.Members.LeaveAsync(room, ann, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Forbidden, await rows.Members.LeaveAsync(room, owner, rows.Notes.Add));
    }

    [Fact]
    public async Task Nobody_is_given_more_groups_than_they_may_own()
    {
        await rows.GroupAsync(ben, "Ben's own");

        Assert.Equal(MemberOutcome.Full, await rows.Deeds.HandOverAsync(room, ann, ben, 1, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Done, await rows.Deeds.HandOverAsync(room, ann, ben, 2, rows.Notes.Add));
    }

    [Fact]
    public async Task Where_only_administrators_write_others_are_refused_until_everybody_may_again()
    {
        await rows.Deeds.PromoteAsync(room, ann, cas, rows.Notes.Add);
        Assert.True(await rows.Rooms.UpdateAsync(room, cas, new GroupForm { Name = "Walkers", OnlyAdministratorsPost = true }, null, rows.Notes.Add));

        Assert.Equal(PostOutcome.Forbidden, (await PostAsync(ben, Now)).Outcome);
        Assert.Equal(PostOutcome.Stored, (await PostAsync(cas, Now)).Outcome);
        Assert.Equal("posting-closed", rows.Notes[^1].Body);

        Assert.True(await rows.Rooms.UpdateAsync(room, ann, new GroupForm { Name = "Walkers" }, null, rows.Notes.Add));
        Assert.Equal(PostOutcome.Stored, (await PostAsync(ben, Now)).Outcome);
        Assert.Equal("posting-opened", rows.Notes[^1].Body);
    }

    [Fact]
    public async Task An_announcement_is_put_away_by_each_and_comes_back_when_it_changes()
    {
        Assert.True(await rows.Rooms.UpdateAsync(room, ann, new GroupForm { Name = "Walkers", Announcement = "Bring boots" }, null, rows.Notes.Add));
        Assert.Equal("announced", rows.Notes[^1].Body);
        var seen = (await rows.Rooms.FindAsync(room, ben))!;
        Assert.True(seen.IsAnnounced);

        Assert.True(await rows.Rooms.HearAsync(room, ben, seen.AnnouncedAt!.Value));
        Assert.False(await rows.Rooms.HearAsync(room, outsider, seen.AnnouncedAt.Value));
        Assert.False((await rows.Rooms.FindAsync(room, ben))!.IsAnnounced);
        Assert.True((await rows.Rooms.FindAsync(room, cas))!.IsAnnounced);

        while (Now <= seen.AnnouncedAt)
            await Task.Yield(); // another millisecond
        Assert.True(await rows.Rooms.UpdateAsync(room, ann, new GroupForm { Name = "Walkers", Announcement = "Bring boots and rain coats" }, null, rows.Notes.Add));
        Assert.True((await rows.Rooms.FindAsync(room, ben))!.IsAnnounced);
    }

    [Fact]
    public async Task Members_are_found_by_a_part_of_what_they_are_called_and_signs_stand_for_themselves()
    {
        var zoe = await rows.UserAsync("zoe", "Zoë 100%");
        await rows.JoinAsync(room, zoe);
        await rows.UserAsync("zoe2", "Zoë elsewhere");

        Assert.Equal([zoe], await FoundAsync("zo"));
        Assert.Equal([zoe], await FoundAsync("ZOË"));
        Assert.Equal([zoe], await FoundAsync("0%"));
        Assert.Empty(await FoundAsync("_"));
        Assert.Empty(await rows.Members.SearchAsync(room, outsider, "zoe", 1));

        async Task<IEnumerable<long>> FoundAsync(string query) => (await rows.Members.SearchAsync(room, ann, query, 1)).Select(m => m.UserId);
    }

    private Task<Posted> PostAsync(long user, long now) => rows.Messages.PostAsync(new NewPost(user, room, "hello", Guid.NewGuid().ToString("N"), now));
}
