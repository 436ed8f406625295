using Dapper;
using WebChat.Contacts;
using WebChat.Messages.Bots;
using WebChat.Rooms;

namespace WebChat.Tests.Messages.Bots;

public sealed class BotStoreOnSqlite() : BotStoreTests(Engine.Sqlite);

public sealed class BotStoreOnPostgres() : BotStoreTests(Engine.Postgres);

public abstract class BotStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private BotStore store = null!;
    private long ann, ben, room, other;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        store = new BotStore(rows.Database, rows.RoomNotes, TimeProvider.System);
        (ann, ben) = (await rows.UserAsync("ann"), await rows.UserAsync("ben"));
        (room, other) = (await rows.GroupAsync(ann), await rows.GroupAsync(ben, "Others"));
        await rows.JoinAsync(room, ben);
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task Who_leads_makes_one_and_it_is_a_member_that_can_be_named()
    {
        Assert.Equal(BotOutcome.Made, await AddAsync(ann, "Echo"));

        var bot = Assert.Single(await store.ListAsync(ann, room));
        Assert.Equal(("Echo", "https://a.example/", null), (bot.Name, bot.Webhook, bot.Failure));
        Assert.Equal("ann", bot.MadeBy);
        Assert.Equal("bot-added Echo", rows.Notes[^1].Body);
        Assert.True(Assert.Single(await rows.Members.BotsAsync(room, ben)) is { IsBot: true } seen && seen.UserId == bot.UserId);
        Assert.Empty(await rows.Members.BotsAsync(room, await rows.UserAsync("dan")));
        Assert.Equal([bot.UserId], await store.CalledAsync(room, ["echo", "ben", "nobody"]));
        Assert.Empty(await store.CalledAsync(other, ["echo"]));
        Assert.Equal(bot.UserId, await store.FindByTokenAsync("t-Echo", room));
        Assert.Null(await store.FindByTokenAsync("t-Echo", other));
        Assert.Null(await store.FindByTokenAsync("t-echo", room));
        Assert.True((await rows.SayAsync(room, bot.UserId, "hello"))!.IsBot);
        Assert.True((await rows.Messages.AfterAsync(ben, room, 0, 50))[^1].IsBot);
        Assert.False((await rows.SayAsync(room, ben, "hello"))!.IsBot);
    }

    [Fact]
    public async Task Who_is_kept_out_has_bots_that_neither_speak_nor_hear_until_they_are_let_in_again()
    {
        await rows.Database.ExecuteAsync("UPDATE members SET role = 1 WHERE room = @room AND user_id = @ben", new { room, ben });
        await AddAsync(ben, "Echo");
        await AddAsync(ann, "Other");
        var bot = (await store.FindByTokenAsync("t-Echo", room))!.Value;

        await rows.Database.ExecuteAsync("UPDATE users SET disabled_at = 1 WHERE id = @ben", new { ben });

        Assert.Null(await store.FindByTokenAsync("t-Echo", room));
        Assert.Null(await store.FindCalledAsync(bot));
        Assert.DoesNotContain(bot, await store.CalledAsync(room, ["echo", "other"]));
        Assert.NotEmpty(await store.CalledAsync(room, ["echo", "other"]));
        Assert.NotNull(await store.FindByTokenAsync("t-Other", room));
        Assert.Equal(2, (await store.ListAsync(ann, room)).Count);

        await rows.Database.ExecuteAsync("UPDATE users SET disabled_at = NULL WHERE id = @ben", new { ben });

        Assert.Equal(bot, await store.FindByTokenAsync("t-Echo", room));
        Assert.Equal("Echo", (await store.FindCalledAsync(bot))!.Name);
    }

    [Fact]
    public async Task Who_leads_no_more_does_not_go_on_through_a_bot_and_a_new_token_makes_it_anothers()
    {
        await rows.Database.ExecuteAsync("UPDATE members SET role = 1 WHERE room = @room AND user_id = @ben", new { room, ben });
        await AddAsync(ben, "Echo");
        var bot = (await store.FindByTokenAsync("t-Echo", room))!.Value;

        Assert.Equal(MemberOutcome.Done, await rows.Deeds.RemoveAsync(room, ann, ben, rows.Notes.Add));

        Assert.Null(await store.FindByTokenAsync("t-Echo", room));
        Assert.Empty(await store.CalledAsync(room, ["echo"]));
        Assert.Null(await store.FindCalledAsync(bot));
        Assert.False(Assert.Single(await store.ListAsync(ann, room)).IsAwake);
        Assert.True(await store.RenewAsync(ann, room, bot, "t-new", "s-new"));
        Assert.Null(await store.FindByTokenAsync("t-Echo", room));
        Assert.Equal(bot, await store.FindByTokenAsync("t-new", room));
        Assert.Equal(("ann", true), Assert.Single(await store.ListAsync(ann, room)) is var now ? (now.MadeBy, now.IsAwake) : default);
    }

    [Fact]
    public async Task One_that_was_reported_and_whose_words_are_gone_can_be_removed()
    {
        await AddAsync(ann, "Echo");
        var bot = (await store.FindByTokenAsync("t-Echo", room))!.Value;
        await rows.SayAsync(room, bot, "hello");
        await rows.Database.ExecuteAsync("INSERT INTO cases (user_id, created_at) VALUES (@bot, 1)", new { bot });
        await rows.Database.ExecuteAsync("DELETE FROM messages WHERE author_id = @bot", new { bot });

        Assert.True(await store.RemoveAsync(ann, room, bot, rows.Notes.Add));

        Assert.Equal(BotOutcome.Made, await AddAsync(ann, "Echo")); // its name is free
    }

    [Fact]
    public async Task Who_made_one_and_left_is_not_named()
    {
        await rows.Database.ExecuteAsync("UPDATE members SET role = 1 WHERE room = @room AND user_id = @ben", new { room, ben });
        Assert.Equal(BotOutcome.Made, await AddAsync(ben, "Echo"));
        Assert.Equal("ben", Assert.Single(await store.ListAsync(ann, room)).MadeBy);

        await rows.Database.ExecuteAsync("UPDATE users SET deleted_at = 1 WHERE id = @ben", new { ben });

        Assert.Null(Assert.Single(await store.ListAsync(ann, room)).MadeBy);
        Assert.NotNull(await store.FindAsync(ann, room, "echo"));
    }

    [Fact]
    public async Task Members_and_outsiders_neither_see_nor_change_any()
    {
        await AddAsync(ann, "Echo");
        var bot = (await store.ListAsync(ann, room))[0].UserId;
        var cas = await rows.UserAsync("cas");

        foreach (var user in new[] { ben, cas })
        {
            Assert.Equal(BotOutcome.Unknown, await AddAsync(user, "Mine"));
            Assert.Empty(await store.ListAsync(user, room));
            Assert.Null(await store.FindAsync(user, room, "echo"));
            Assert.False(await store.RenewAsync(user, room, bot, "stolen", "s"));
            Assert.False(await store.SetWebhookAsync(user, room, bot, "https://evil.example/"));
            Assert.False(await store.RemoveAsync(user, room, bot, rows.Notes.Add));
        }
        // Leading another group is of no use.
        Assert.False(await store.RenewAsync(ben, other, bot, "stolen", "s"));
        Assert.False(await store.RemoveAsync(ben, other, bot, rows.Notes.Add));
        Assert.Equal(BotOutcome.Unknown, await store.AddAsync(ann, 1, "Else", null, "t", "s", rows.Notes.Add));
        Assert.Equal(bot, await store.FindByTokenAsync("t-Echo", room));
        Assert.Equal("https://a.example/", (await store.FindCalledAsync(bot))!.Webhook);
    }

    [Fact]
    public async Task Names_are_everybodys_and_there_are_ten_in_a_group()
    {
        Assert.Equal(BotOutcome.Taken, await AddAsync(ann, "BEN"));
        Assert.Equal(BotOutcome.Made, await AddAsync(ann, "Echo"));
        Assert.Equal(BotOutcome.Taken, await AddAsync(ann, "eCHO"));
        Assert.Equal(BotOutcome.Taken, await store.AddAsync(ben, other, "echo", null, "t2", "s", rows.Notes.Add));
        for (var i = 1; i < BotStore.Most; i++)
            Assert.Equal(BotOutcome.Made, await AddAsync(ann, $"bot{i}"));
        Assert.Equal(BotOutcome.TooMany, await store.LookAsync(ann, room, "eleventh"));
        Assert.Equal(BotOutcome.TooMany, await AddAsync(ann, "eleventh"));
        Assert.Equal(BotOutcome.Made, await store.LookAsync(ben, other, "eleventh"));
        Assert.Equal(BotOutcome.Taken, await store.LookAsync(ben, other, "ECHO"));
        Assert.Equal(BotOutcome.Unknown, await store.LookAsync(ann, other, "eleventh"));
        Assert.Equal(BotOutcome.Made, await store.AddAsync(ben, other, "eleventh", null, "t3", "s", rows.Notes.Add));
    }

    [Fact]
    public async Task It_takes_no_members_place_and_counts_nowhere_among_them()
    {
        var (cas, dan) = (await rows.UserAsync("cas"), await rows.UserAsync("dan"));
        await AddAsync(ann, "Echo");
        await AddAsync(ann, "Parrot");

        Assert.Equal(JoinOutcome.Joined, await rows.JoinAsync(room, cas, most: 3));
        Assert.Equal(JoinOutcome.Full, await rows.JoinAsync(room, dan, most: 3));
        Assert.Equal(BotOutcome.Made, await AddAsync(ann, "Third")); // in a full group, too

        Assert.Equal(3, (await rows.Rooms.FindAsync(room, ben))!.Members);
        Assert.Equal(3, (await rows.Rooms.AllAsync(ben)).Single(r => r.Number == room).Members);
        Assert.Equal(3, Assert.Single(await rows.Rooms.FindGroupsAsync($"{room}", dan, 1)).Members);
        Assert.Equal(3, (await rows.Members.SizesAsync([room]))[room]);
        Assert.Equal([ann, ben, cas], (await rows.Members.PageAsync(room, ben, 1)).Select(m => m.UserId));
        Assert.Equal(["Echo", "Parrot", "Third"], (await rows.Members.BotsAsync(room, ben)).Select(b => b.Nickname));
        await RemoveAsync("Echo");
        Assert.Equal(JoinOutcome.Full, await rows.JoinAsync(room, dan, most: 3));
        Assert.Equal(3, (await rows.Rooms.FindAsync(room, ben))!.Members);
    }

    [Fact]
    public async Task Nobody_finds_one_among_people_or_can_be_its_friend()
    {
        await AddAsync(ann, "Echo");
        var bot = (await store.ListAsync(ann, room))[0].UserId;

        Assert.DoesNotContain(await rows.Contacts.SearchAsync("echo", ben, 1), p => p.Id == bot);
        Assert.Null(await rows.Contacts.FindAsync("echo", ben));
        Assert.True((await rows.Contacts.FindAnyAsync("echo", ben))!.IsBot);
        Assert.Equal(RequestOutcome.Unknown, await rows.Contacts.RequestAsync(ben, "echo", "hello"));
        Assert.False(await rows.Contacts.BlockAsync(ben, "echo"));
        Assert.False(await rows.Contacts.SetRemarkAsync(ben, "echo", "mine"));
        Assert.Equal(MemberOutcome.Forbidden, await rows.Deeds.RemoveAsync(room, ann, bot, rows.Notes.Add));
        await rows.SayAsync(room, bot, "I have read it all");
        Assert.DoesNotContain((await rows.Reads.MarksAsync(room, ann, 100))!, m => m.UserId == bot);
        var said = await rows.SayAsync(room, ann, "who has read this?");
        await rows.SayAsync(room, bot, "not me");
        Assert.DoesNotContain(await rows.Reads.ReadersAsync(room, ann, said!.Seq, 1), m => m.UserId == bot);
        var lobby = await rows.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM members WHERE user_id = @bot", new { bot }));
        Assert.Equal(1, lobby); // its group, and not the lobby
    }

    [Fact]
    public async Task One_that_goes_takes_its_token_along_and_what_it_said_stays()
    {
        await AddAsync(ann, "Quiet");
        await AddAsync(ann, "Loud");
        var (loud, quiet) = ((await store.ListAsync(ann, room))[0].UserId, (await store.ListAsync(ann, room))[1].UserId);
        var said = await rows.SayAsync(room, loud, "remember me");

        Assert.True(await store.RemoveAsync(ann, room, loud, rows.Notes.Add));
        Assert.True(await store.RemoveAsync(ann, room, quiet, rows.Notes.Add));
        Assert.False(await store.RemoveAsync(ann, room, quiet, rows.Notes.Add));

        Assert.Null(await store.FindByTokenAsync("t-Loud", room));
        Assert.Null(await store.FindCalledAsync(loud));
        Assert.Null(await rows.SayAsync(room, loud, "still here"));
        Assert.Equal("remember me", (await rows.Messages.FindAsync(ben, room, said!.Seq))!.Body);
        Assert.Equal("bot-removed Quiet", rows.Notes[^1].Body);
        foreach (var name in new[] { "quiet", "loud" }) // their names are free
            Assert.Equal(BotOutcome.Made, await AddAsync(ann, name));
        Assert.Equal((loud, "Loud"), (await rows.Messages.FindAsync(ben, room, said.Seq)) is { } kept ? (kept.AuthorId, kept.Nickname) : default);
        Assert.NotEqual(loud, (await store.FindAsync(ann, room, "loud"))!.UserId);
    }

    [Fact]
    public async Task One_whose_group_is_gone_leaves_its_name_and_one_whose_group_is_there_does_not()
    {
        await AddAsync(ann, "Echo");
        Assert.Equal(BotOutcome.Taken, await store.AddAsync(ben, other, "echo", null, "t2", "s", rows.Notes.Add));
        await rows.SayAsync(room, (await store.ListAsync(ann, room))[0].UserId, "anybody?");

        await rows.Rooms.DissolveAsync(room, ann);

        Assert.Equal(BotOutcome.Made, await store.LookAsync(ben, other, "echo"));
        Assert.Equal(BotOutcome.Made, await store.AddAsync(ben, other, "echo", null, "t2", "s", rows.Notes.Add));
        Assert.Null(await store.FindByTokenAsync("t-Echo", room));
    }

    [Fact]
    public async Task New_keys_end_the_old_ones_and_a_call_is_noted_as_it_went()
    {
        await AddAsync(ann, "Echo");
        var bot = (await store.ListAsync(ann, room))[0].UserId;
        Assert.True(await store.RenewAsync(ann, room, bot, "new", "s2"));
        Assert.Null(await store.FindByTokenAsync("t-Echo", room));
        Assert.Equal(bot, await store.FindByTokenAsync("new", room));
        Assert.Equal("s2", (await store.FindCalledAsync(bot))!.Secret);

        await store.NoteCallAsync(bot, "status 500");
        Assert.Equal("status 500", (await store.FindAsync(ann, room, "ECHO"))!.Failure);
        Assert.NotNull((await store.FindAsync(ann, room, "ECHO"))!.FailedAt);
        await store.NoteCallAsync(bot, null);
        Assert.Equal((null, null), ((await store.FindAsync(ann, room, "echo"))!.Failure, (await store.FindAsync(ann, room, "echo"))!.FailedAt));
        await store.NoteCallAsync(bot, "TooSlow");
        Assert.True(await store.SetWebhookAsync(ann, room, bot, null));
        Assert.Equal((null, null), ((await store.FindAsync(ann, room, "echo"))!.Failure, (await store.FindAsync(ann, room, "echo"))!.Webhook));
        Assert.Empty(await store.CalledAsync(room, ["echo"]));
    }

    [Fact]
    public async Task A_group_that_ends_ends_its_bots()
    {
        await AddAsync(ann, "Echo");
        var bot = (await store.ListAsync(ann, room))[0].UserId;

        await rows.Rooms.DissolveAsync(room, ann);

        Assert.Null(await store.FindByTokenAsync("t-Echo", room));
        Assert.Null(await store.FindCalledAsync(bot));
        Assert.Empty(await store.ListAsync(ann, room));
    }

    private async Task RemoveAsync(string name) => Assert.True(await store.RemoveAsync(ann, room, (await store.FindAsync(ann, room, name))!.UserId, rows.Notes.Add));

    private Task<BotOutcome> AddAsync(long user, string name) => store.AddAsync(user, room, name, "https://a.example/", $"t-{name}", "secret", rows.Notes.Add);
}
