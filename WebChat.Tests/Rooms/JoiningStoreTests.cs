using Dapper;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Tests.Rooms;

public sealed class JoiningStoreOnSqlite() : JoiningStoreTests(Engine.Sqlite);

public sealed class JoiningStoreOnPostgres() : JoiningStoreTests(Engine.Postgres);

/// <summary>Requests to join, and invite links.</summary>
public abstract class JoiningStoreTests(Engine engine) : IAsyncLifetime
{
    private const int Day = 86_400_000;

    private readonly Rows rows = new(engine);
    private long ann, ben, cas, outsider, room;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        cas = await rows.UserAsync("cas");
        outsider = await rows.UserAsync("outsider");
        room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, cas);
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task By_approval_one_waits_until_somebody_who_leads_the_group_lets_one_in()
    {
        await SetAsync(JoinPolicy.ByApproval);

        Assert.Equal(JoinOutcome.Asked, await rows.Members.JoinAsync(room, ben, "I walk too", 0, rows.Notes.Add));
        Assert.Equal(JoinOutcome.AlreadyAsked, await rows.Members.JoinAsync(room, ben, "again", 0, rows.Notes.Add));

        Assert.Null(await rows.Rooms.FindAsync(room, ben));
        Assert.True((await rows.Rooms.FindGroupsAsync($"{room}", ben, 1)).Single().HasAsked);
        Assert.Equal([room], (await rows.Requests.OfAsync(ben)).Select(g => g.Number));
        var request = (await rows.Requests.ListAsync(room, ann, 50)).Single();
        Assert.Equal((ben, "I walk too"), (request.UserId, request.Message));
        Assert.Equal((1, 0), ((await rows.Rooms.FindAsync(room, ann))!.Requests, (await rows.Rooms.FindAsync(room, cas))!.Requests));
        Assert.Equal((1, 0), ((await rows.Reads.CountAsync(ann)).Asked, (await rows.Reads.CountAsync(cas)).Asked));
        foreach (var (other, outcome) in new[] { (cas, AnswerOutcome.Forbidden), (outsider, AnswerOutcome.Unknown), (ben, AnswerOutcome.Unknown) })
        {
            Assert.Empty(await rows.Requests.ListAsync(room, other, 50));
            Assert.Equal(outcome, await rows.Requests.AnswerAsync(room, other, ben, true, 0, rows.Notes.Add));
        }

        Assert.Equal(AnswerOutcome.Done, await rows.Requests.AnswerAsync(room, ann, ben, true, 0, rows.Notes.Add));
        Assert.Equal(AnswerOutcome.Gone, await rows.Requests.AnswerAsync(room, ann, ben, true, 0, rows.Notes.Add));
        Assert.Equal("admitted ben", rows.Notes[^1].Body);
        Assert.Equal(1, (await rows.Rooms.ListAsync(ben)).Single(r => r.Number == room).Unread); // what lets them in is news
        Assert.Empty(await rows.Requests.OfAsync(ben));
    }

    [Fact]
    public async Task A_request_is_declined_or_taken_back_without_a_note_and_may_be_made_again()
    {
        await SetAsync(JoinPolicy.ByApproval);
        var notes = rows.Notes.Count;
        await rows.JoinAsync(room, ben);
        Assert.Equal(AnswerOutcome.Done, await rows.Requests.AnswerAsync(room, ann, ben, false, 0, rows.Notes.Add));
        Assert.False(await rows.Requests.WithdrawAsync(room, ben));
        Assert.Equal(JoinOutcome.Asked, await rows.JoinAsync(room, ben));
        Assert.True(await rows.Requests.WithdrawAsync(room, ben));

        Assert.Equal(AnswerOutcome.Gone, await rows.Requests.AnswerAsync(room, ann, ben, true, 0, rows.Notes.Add));
        Assert.Null(await rows.Rooms.FindAsync(room, ben));
        Assert.Equal(notes, rows.Notes.Count);
    }

    [Fact]
    public async Task A_full_group_lets_nobody_in_and_the_request_stays()
    {
        await SetAsync(JoinPolicy.ByApproval);
        await rows.JoinAsync(room, ben);

        Assert.Equal(AnswerOutcome.Full, await rows.Requests.AnswerAsync(room, ann, ben, true, 2, rows.Notes.Add));

        Assert.Single(await rows.Requests.ListAsync(room, ann, 50));
    }

    [Fact]
    public async Task A_group_entered_by_links_is_found_by_its_members_alone()
    {
        await SetAsync(JoinPolicy.ByInvite);

        Assert.Empty(await rows.Rooms.FindGroupsAsync("walkers", ben, 1));
        Assert.Empty(await rows.Rooms.FindGroupsAsync($"{room}", ben, 1));
        Assert.Equal([room], (await rows.Rooms.FindGroupsAsync("walkers", cas, 1)).Select(g => g.Number));
        Assert.Equal(JoinOutcome.Unknown, await rows.JoinAsync(room, ben));
        Assert.Empty(await rows.Requests.ListAsync(room, ann, 50));
    }

    [Fact]
    public async Task Many_at_once_come_by_a_link_as_often_as_it_says_and_no_more()
    {
        var link = await InviteAsync(ann, uses: 3);
        var people = new List<long>();
        for (var i = 0; i < 12; i++)
            people.Add(await rows.UserAsync($"person{i}"));
        var other = await rows.OtherNodeAsync();

        var outcomes = await Task.WhenAll(people.Concat(people).Select((person, i) => (i % 2 == 0 ? rows : other).Invites.UseAsync(link, person, 0, _ => { })));

        Assert.Equal(3, outcomes.Count(o => o.Outcome == JoinOutcome.Joined));
        Assert.Equal(2 + 3, (await rows.Members.IdsAsync(room)).Count);
        Assert.Equal(JoinOutcome.Unknown, (await rows.Invites.UseAsync(link, outsider, 0, rows.Notes.Add)).Outcome);
        Assert.Empty(await rows.Invites.ListAsync(room, ann));
    }

    [Fact]
    public async Task A_link_leads_in_whatever_the_policy_is_and_takes_the_place_of_a_request()
    {
        await SetAsync(JoinPolicy.ByApproval);
        await rows.JoinAsync(room, ben);
        var link = await InviteAsync(ann, uses: 10);

        var found = (await rows.Invites.FindAsync(link, ben))!;
        Assert.Equal((room, "Walkers", 2L, false), (found.Number, found.Name, found.Members, found.IsMember));
        Assert.Equal((room, JoinOutcome.Joined), await rows.Invites.UseAsync(link, ben, 0, rows.Notes.Add));
        Assert.Equal((room, JoinOutcome.AlreadyIn), await rows.Invites.UseAsync(link, ben, 0, rows.Notes.Add));

        Assert.Equal("invited", rows.Notes[^1].Body);
        Assert.Empty(await rows.Requests.ListAsync(room, ann, 50));
        Assert.Equal(1, (await rows.Invites.ListAsync(room, ann)).Single().Used);
        Assert.Equal(JoinOutcome.Full, (await rows.Invites.UseAsync(link, outsider, 3, rows.Notes.Add)).Outcome);
        Assert.Equal(1, (await rows.Invites.ListAsync(room, ann)).Single().Used);
    }

    [Fact]
    public async Task What_expired_was_revoked_or_never_was_is_the_same_nothing()
    {
        var expired = await InviteAsync(ann, lasts: -1);
        var revoked = await InviteAsync(ann);
        Assert.Equal(MemberOutcome.Done, await rows.Invites.RevokeAsync(room, ann, revoked));
        Assert.Equal(MemberOutcome.Gone, await rows.Invites.RevokeAsync(room, ann, revoked));
        var dissolved = await rows.GroupAsync(ann, "Brief");
        var gone = Token.IdOf(Token.New(Token.Invite));
        await rows.Invites.AddAsync(dissolved, ann, gone, null, null);
        await rows.Rooms.DissolveAsync(dissolved, ann);

        foreach (var link in new[] { expired, revoked, gone, "", "never" })
        {
            Assert.Null(await rows.Invites.FindAsync(link, ben));
            Assert.Equal((0, JoinOutcome.Unknown), await rows.Invites.UseAsync(link, ben, 0, rows.Notes.Add));
        }
        Assert.Null(await rows.Rooms.FindAsync(room, ben));
    }

    [Fact]
    public async Task Links_are_for_those_who_may_invite_and_end_with_that_right()
    {
        Assert.Equal(InviteOutcome.Forbidden, await rows.Invites.AddAsync(room, cas, "of cas", null, null));
        Assert.Equal(InviteOutcome.Unknown, await rows.Invites.AddAsync(room, outsider, "of an outsider", null, null));
        await rows.Rooms.UpdateAsync(room, ann, new GroupForm { Name = "Walkers", MembersInvite = true }, null, rows.Notes.Add);
        var (ofAnn, ofCas) = (await InviteAsync(ann), await InviteAsync(cas));

        Assert.Equal([ofCas], (await rows.Invites.ListAsync(room, cas)).Select(i => i.Id));
        Assert.Equal(2, (await rows.Invites.ListAsync(room, ann)).Count);
        Assert.Empty(await rows.Invites.ListAsync(room, outsider));
        Assert.Equal(MemberOutcome.Forbidden, await rows.Invites.RevokeAsync(room, cas, ofAnn));
        Assert.NotNull(await rows.Invites.FindAsync(ofCas, ben));

        await rows.Rooms.UpdateAsync(room, ann, new GroupForm { Name = "Walkers" }, null, rows.Notes.Add);
        Assert.Null(await rows.Invites.FindAsync(ofCas, ben));
        await rows.Rooms.UpdateAsync(room, ann, new GroupForm { Name = "Walkers", MembersInvite = true }, null, rows.Notes.Add);
        Assert.NotNull(await rows.Invites.FindAsync(ofCas, ben));
        await rows.Deeds.RemoveAsync(room, ann, cas, rows.Notes.Add);
        Assert.Null(await rows.Invites.FindAsync(ofCas, cas)); // nobody comes back by their own link
        await rows.JoinAsync(room, cas);
        Assert.Null(await rows.Invites.FindAsync(ofCas, ben));
        Assert.NotNull(await rows.Invites.FindAsync(ofAnn, ben));
    }

    [Fact]
    public async Task A_group_has_so_many_links_at_a_time_and_those_that_ended_make_room()
    {
        for (var i = 0; i < InviteStore.Most; i++)
            await InviteAsync(ann, lasts: i == 0 ? -1 : null);
        var last = await InviteAsync(ann);

        Assert.Equal(InviteOutcome.TooMany, await rows.Invites.AddAsync(room, ann, "one more", null, null));
        await rows.Invites.RevokeAsync(room, ann, last);
        Assert.Equal(InviteOutcome.Made, await rows.Invites.AddAsync(room, ann, "one more", 1, Day));
    }

    [Fact]
    public async Task One_who_does_not_lead_leaves_room_for_links_of_others()
    {
        await rows.Rooms.UpdateAsync(room, ann, new GroupForm { Name = "Walkers", MembersInvite = true }, null, rows.Notes.Add);
        await rows.JoinAsync(room, cas);
        for (var i = 0; i < InviteStore.MostOfMember; i++)
            await InviteAsync(cas);

        Assert.Equal(InviteOutcome.TooMany, await rows.Invites.AddAsync(room, cas, "one more", null, null));
        await InviteAsync(ann);
    }

    [Fact]
    public async Task A_link_of_who_is_shut_out_lets_nobody_in_until_they_are_back()
    {
        await rows.Rooms.UpdateAsync(room, ann, new GroupForm { Name = "Walkers", MembersInvite = true }, null, rows.Notes.Add);
        await rows.JoinAsync(room, cas);
        var link = await InviteAsync(cas);

        await rows.Database.WriteAsync(c => c.ExecuteAsync("UPDATE users SET disabled_at = 1 WHERE id = @cas", new { cas }));
        Assert.Null(await rows.Invites.FindAsync(link, ben));
        Assert.Equal(JoinOutcome.Unknown, (await rows.Invites.UseAsync(link, ben, 0, rows.Notes.Add)).Outcome);
        await rows.Database.WriteAsync(c => c.ExecuteAsync("UPDATE users SET disabled_at = NULL WHERE id = @cas", new { cas }));
        Assert.NotNull(await rows.Invites.FindAsync(link, ben));
    }

    private async Task<string> InviteAsync(long user, int? uses = null, long? lasts = null)
    {
        var id = Token.IdOf(Token.New(Token.Invite));
        Assert.Equal(InviteOutcome.Made, await rows.Invites.AddAsync(room, user, id, uses, lasts));
        return id;
    }

    private async Task SetAsync(JoinPolicy policy) => Assert.True(await rows.Rooms.UpdateAsync(room, ann, new GroupForm { Name = "Walkers", Joining = policy }, null, rows.Notes.Add));
}
