using Dapper;
using WebChat.Messages;
using WebChat.Messages.Formatting;
using WebChat.Messages.Kinds;
using WebChat.Rooms;

namespace WebChat.Tests.Messages;

public sealed class ChangeStoreOnSqlite() : ChangeStoreTests(Engine.Sqlite);

public sealed class ChangeStoreOnPostgres() : ChangeStoreTests(Engine.Postgres);

public abstract class ChangeStoreTests(Engine engine) : IAsyncLifetime
{
    private const long Window = 120_000;

    private readonly Rows rows = new(engine);
    private Rows other = null!;
    private long ann, ben, cas, outsider, room;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        other = await rows.OtherNodeAsync();
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        cas = await rows.UserAsync("cas");
        outsider = await rows.UserAsync("outsider");
        room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
        await rows.JoinAsync(room, cas);
    }

    public async Task DisposeAsync()
    {
        if (other != rows)
            await other.DisposeAsync();
        await rows.DisposeAsync();
    }

    [Fact]
    public async Task An_edit_takes_the_next_rev_keeps_the_place_and_keeps_the_old_words_for_administrators()
    {
        var said = await SayAsync(ben, "at elevn");
        var after = await SayAsync(ann, "good");

        var changed = await rows.Changes.EditAsync(ben, room, said.Seq, "at eleven", Mentioned.Nobody, 2_000);

        Assert.Equal((said.Seq, after.Rev + 1, "at eleven", 2_000L), (changed.Message!.Seq, changed.Message.Rev, changed.Message.Body, changed.Message.EditedAt!.Value));
        Assert.Equal("at eleven", (await rows.Messages.FindAsync(cas, room, said.Seq))!.Body);
        Assert.Equal(["at elevn"], await rows.Database.ReadAsync(c => c.QueryAsync<string>("SELECT body FROM edits WHERE room = @room AND seq = @Seq", new { room, said.Seq })));
        Assert.Equal([changed.Message.Rev], (await rows.Messages.ChangesAsync(room, after.Rev, 10)).Select(m => m.Rev));
    }

    [Fact]
    public async Task Nobody_edits_what_another_wrote_and_outsiders_find_nothing()
    {
        var said = await SayAsync(ben, "mine");

        Assert.Equal(ChangeOutcome.Forbidden, (await rows.Changes.EditAsync(ann, room, said.Seq, "hers", Mentioned.Nobody, 1)).Outcome);
        foreach (var (who, where, place) in new[] { (outsider, room, said.Seq), (ben, room, 999L), (ben, 1L, 1L), (ben, room, -1L) })
        {
            Assert.Equal(ChangeOutcome.Unknown, (await rows.Changes.EditAsync(who, where, place, "x", Mentioned.Nobody, 1)).Outcome);
            Assert.Equal(ChangeOutcome.Unknown, (await rows.Changes.RecallAsync(who, where, place, Window, 1)).Outcome);
            Assert.Equal(ChangeOutcome.Unknown, (await rows.Changes.ReactAsync(who, where, place, "👍")).Outcome);
            Assert.Equal(ChangeOutcome.Unknown, (await rows.Changes.PinAsync(who, where, place, null, 1)).Outcome);
        }
        Assert.Equal("mine", (await rows.Messages.FindAsync(ben, room, said.Seq))!.Body);
    }

    [Fact]
    public async Task A_note_can_be_neither_edited_nor_recalled_nor_answered()
    {
        var note = rows.Notes[0];

        Assert.Equal(ChangeOutcome.Forbidden, (await rows.Changes.EditAsync(ann, room, note.Seq, "x", Mentioned.Nobody, 1)).Outcome);
        Assert.Equal(ChangeOutcome.Forbidden, (await rows.Changes.RecallAsync(ann, room, note.Seq, 0, 1)).Outcome is var outcome && outcome == ChangeOutcome.TooLate ? ChangeOutcome.Forbidden : outcome);
        Assert.Equal(ChangeOutcome.Forbidden, (await rows.Changes.ReactAsync(ann, room, note.Seq, "👍")).Outcome);
        Assert.Null((await rows.Messages.PostAsync(new NewPost(ben, room, "yes", "a-note", 1) { ReplyTo = note.Seq })).Message!.ReplyTo);
    }

    [Fact]
    public async Task An_author_recalls_within_the_window_and_who_leads_the_group_at_any_time()
    {
        var (one, two) = (await SayAsync(ben, "one"), await SayAsync(ben, "two"));

        Assert.Equal(ChangeOutcome.TooLate, (await rows.Changes.RecallAsync(ben, room, one.Seq, Window, one.CreatedAt + Window + 1)).Outcome);
        Assert.Equal(ChangeOutcome.Forbidden, (await rows.Changes.RecallAsync(cas, room, one.Seq, Window, one.CreatedAt)).Outcome);
        Assert.Equal("two", (await rows.Changes.RecallAsync(ben, room, two.Seq, Window, two.CreatedAt + Window)).Words);
        var byOwner = await rows.Changes.RecallAsync(ann, room, one.Seq, Window, one.CreatedAt + 10 * Window);

        Assert.Equal((ann, true, ""), (byOwner.Message!.RecalledBy!.Value, byOwner.Message.IsRecalled, byOwner.Message.Body));
        Assert.Equal(ChangeOutcome.Same, (await rows.Changes.RecallAsync(ann, room, one.Seq, Window, 1)).Outcome);
    }

    [Fact]
    public async Task What_is_recalled_is_nowhere_any_more_but_its_place_is()
    {
        var said = await SayAsync(ben, "the code is 4711");
        await rows.Changes.EditAsync(ben, room, said.Seq, "the code is 4712", Mentioned.Nobody, 1);
        await rows.Changes.ReactAsync(cas, room, said.Seq, "👍");
        var answer = (await rows.Messages.PostAsync(new NewPost(cas, room, "thanks", "an-answer", 1) { ReplyTo = said.Seq })).Message!;

        await rows.Changes.RecallAsync(ben, room, said.Seq, 0, 1);

        var left = string.Concat(await rows.Database.ReadAsync(c => c.QueryAsync<string>(
            "SELECT body || coalesce(content, '') || coalesce(reactions, '') || coalesce(digest, '') FROM messages WHERE room = @room AND seq = @Seq UNION ALL SELECT body FROM edits WHERE room = @room", new { room, said.Seq })));
        Assert.Equal("", left);
        Assert.True((await rows.Messages.FindAsync(cas, room, answer.Seq))!.Quoted!.IsRecalled);
        Assert.Null((await rows.Messages.PostAsync(new NewPost(cas, room, "again", "an-answer-2", 1) { ReplyTo = said.Seq })).Message!.ReplyTo);
    }

    [Fact]
    public async Task The_same_post_is_known_again_after_it_was_edited_or_recalled()
    {
        var post = new NewPost(ben, room, "only once", "mine", 1);
        var first = (await rows.Messages.PostAsync(post)).Message!;
        await rows.Changes.EditAsync(ben, room, first.Seq, "in other words", Mentioned.Nobody, 1);

        Assert.Equal((PostOutcome.AlreadyStored, first.Seq), await PostAsync(post));
        Assert.Equal(PostOutcome.ClientIdTaken, (await other.Messages.PostAsync(post with { Body = "in other words" })).Outcome);
        await rows.Changes.RecallAsync(ben, room, first.Seq, 0, 1);
        Assert.Equal((PostOutcome.AlreadyStored, first.Seq), await PostAsync(post));

        async Task<(PostOutcome, long)> PostAsync(NewPost again) => await other.Messages.PostAsync(again) is var posted ? (posted.Outcome, posted.Message!.Seq) : default;
    }

    [Fact]
    public async Task Reactions_of_many_at_once_on_two_nodes_are_all_there_and_each_takes_a_rev()
    {
        var said = await SayAsync(ann, "who comes?");
        var people = new List<long>();
        for (var i = 0; i < 20; i++)
        {
            people.Add(await rows.UserAsync($"person{i}"));
            await rows.JoinAsync(room, people[i]);
        }
        var before = (await rows.Rooms.FindAsync(room, ann))!.Rev;

        await Task.WhenAll(people.Select((person, i) => (i % 2 == 0 ? rows : other).Changes.ReactAsync(person, room, said.Seq, "👍")));

        var reaction = Assert.Single(Reaction.Of((await rows.Messages.FindAsync(ann, room, said.Seq))!));
        Assert.Equal(people, reaction.By.Order());
        Assert.Equal(before + 20, (await rows.Rooms.FindAsync(room, ann))!.Rev);
        await Task.WhenAll(people.Select(person => rows.Changes.ReactAsync(person, room, said.Seq, "👍")));
        Assert.Null((await rows.Messages.FindAsync(ann, room, said.Seq))!.Reactions);
    }

    [Fact]
    public async Task A_message_holds_only_so_many_different_emoji()
    {
        var said = await SayAsync(ann, "all of them");
        for (var i = 0; i < Reaction.MostEmoji; i++)
            Assert.Equal(ChangeOutcome.Changed, (await rows.Changes.ReactAsync(ann, room, said.Seq, char.ConvertFromUtf32(0x1F600 + i))).Outcome);

        Assert.Equal(ChangeOutcome.Full, (await rows.Changes.ReactAsync(ann, room, said.Seq, "🧭")).Outcome);
        Assert.Equal(ChangeOutcome.Changed, (await rows.Changes.ReactAsync(ben, room, said.Seq, char.ConvertFromUtf32(0x1F600))).Outcome);
    }

    [Fact]
    public async Task Who_leads_the_group_pins_with_a_note_and_others_do_not()
    {
        var said = await SayAsync(ben, "Meet at ten");

        Assert.Equal(ChangeOutcome.Forbidden, (await rows.Changes.PinAsync(ben, room, said.Seq, true, 5)).Outcome);
        await rows.Reads.MarkAsync(ann, room, said.Seq);
        var pinned = await rows.Changes.PinAsync(ann, room, said.Seq, null, 5);

        Assert.Equal((RoomNote.Pinned, pinned.Message!.Rev + 1), (pinned.Noted!.Body, pinned.Noted.Rev));
        Assert.Equal(0, (await rows.Rooms.ListAsync(ann)).Single(r => r.Number == room).Unread); // who pins knows
        Assert.Equal([said.Seq], (await rows.Messages.PinnedAsync(cas, room, 10)).Select(m => m.Seq));
        Assert.Empty(await rows.Messages.PinnedAsync(outsider, room, 10));
        Assert.Equal((ChangeOutcome.Same, null), await other.Changes.PinAsync(ann, room, said.Seq, true, 6) is var again ? (again.Outcome, again.Noted) : default); // pressed by two at once
        await rows.Changes.PinAsync(ann, room, said.Seq, null, 6);
        Assert.Empty(await rows.Messages.PinnedAsync(cas, room, 10));
    }

    [Fact]
    public async Task What_lists_show_of_a_room_is_found_again_by_when_it_was_said_edited_or_taken_back()
    {
        var (one, last) = (await SayAsync(ben, "one"), await SayAsync(ben, "last"));
        Assert.DoesNotContain(await rows.Messages.NewestAsync(4_000), m => m.Room == room);

        await rows.Changes.EditAsync(ben, room, one.Seq, "one, anew", Mentioned.Nobody, 5_000);
        await rows.Changes.ReactAsync(ben, room, last.Seq, "👍");
        Assert.DoesNotContain(await rows.Messages.NewestAsync(4_000), m => m.Room == room);
        await rows.Changes.EditAsync(ben, room, last.Seq, "last, anew", Mentioned.Nobody, 5_000);
        Assert.Equal("last, anew", (await rows.Messages.NewestAsync(4_000)).Single(m => m.Room == room).Body);
        await rows.Changes.RecallAsync(ben, room, last.Seq, 0, 7_000);
        Assert.True((await rows.Messages.NewestAsync(6_000)).Single(m => m.Room == room).IsRecalled);
        Assert.DoesNotContain(await rows.Messages.NewestAsync(7_000), m => m.Room == room);
    }

    [Fact]
    public async Task Only_members_are_called_and_everybody_only_by_who_leads()
    {
        var named = await SayAsync(ben, "@ANN and @outsider, not ben@cas.example");
        Assert.Equal(["ann"], named.Read<TextContent>()!.At);
        Assert.True((await ListedAsync(ann)).IsCalled);
        Assert.False((await ListedAsync(cas)).IsCalled);

        Assert.Null((await SayAsync(ben, "@all up!")).Content);
        Assert.False((await ListedAsync(cas)).IsCalled);
        Assert.True((await SayAsync(ann, "@all up!")).Read<TextContent>()!.AtAll);
        Assert.True((await ListedAsync(cas)).IsCalled);
        await rows.Reads.MarkAsync(cas, room, (await ListedAsync(cas)).Seq);
        Assert.False((await ListedAsync(cas)).IsCalled);

        async Task<Conversation> ListedAsync(long who) => (await rows.Rooms.ListAsync(who)).Single(c => c.Number == room);
    }

    [Fact]
    public async Task Only_the_author_sees_who_has_read_a_message()
    {
        var said = await SayAsync(ben, "read me");
        await rows.Reads.MarkAsync(cas, room, said.Seq);

        Assert.Equal([cas], (await rows.Reads.ReadersAsync(room, ben, said.Seq, 1)).Select(m => m.UserId));
        Assert.Empty(await rows.Reads.ReadersAsync(room, ann, said.Seq, 1));
        Assert.Null(await rows.Reads.MarksAsync(room, outsider, 100));
        Assert.Null(await rows.Reads.MarksAsync(room, ann, 2));
        Assert.Contains((await rows.Reads.MarksAsync(room, ann, 3))!, mark => mark.UserId == cas && mark.Seq == said.Seq);
        await rows.JoinAsync(room, outsider);
        Assert.Equal([cas], (await rows.Reads.ReadersAsync(room, ben, said.Seq, 1)).Select(m => m.UserId));
    }

    private async Task<StoredMessage> SayAsync(long user, string body) =>
        (await rows.Messages.PostAsync(new NewPost(user, room, body, Guid.NewGuid().ToString("N"), 1_000) { Calls = Mentions.Find(body) })).Message!;
}
