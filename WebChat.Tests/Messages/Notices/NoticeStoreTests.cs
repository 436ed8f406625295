using Dapper;
using WebChat.Accounts;
using WebChat.Accounts.Push;
using WebChat.Messages.Notices;
using WebChat.Rooms;

namespace WebChat.Tests.Messages.Notices;

public sealed class NoticeStoreOnSqlite() : NoticeStoreTests(Engine.Sqlite);

public sealed class NoticeStoreOnPostgres() : NoticeStoreTests(Engine.Postgres);

/// <summary>Whom a message calls, and whom it does not.</summary>
public abstract class NoticeStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private NoticeStore store = null!;
    private long ann, ben, cas, outsider, group;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        store = new NoticeStore(rows.Database, TimeProvider.System);
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        cas = await rows.UserAsync("cas");
        outsider = await rows.UserAsync("outsider");
        group = await rows.GroupAsync(ann);
        await rows.JoinAsync(group, ben);
        await rows.JoinAsync(group, cas);
        foreach (var user in new[] { ann, ben, cas, outsider })
            await SubscribeAsync(user);
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task Everybody_in_a_group_is_called_but_its_author_and_outsiders()
    {
        var said = await SayAsync(group, ann, "hello");

        Assert.Equal([ben, cas], await CalledAsync(group, said));
        Assert.Empty(await store.CalledAsync(group, said, [outsider]));
        Assert.Equal([cas], (await store.CalledAsync(group, said, [cas, outsider])).Select(n => n.UserId));
    }

    [Fact]
    public async Task In_the_lobby_only_those_who_are_named_are_called()
    {
        var lobby = (await rows.Rooms.ListAsync(ann)).Single(r => r.Kind == RoomKind.Lobby).Number;

        Assert.Empty(await CalledAsync(lobby, await SayAsync(lobby, ann, "good morning")));
        Assert.Equal([ben], await CalledAsync(lobby, await SayAsync(lobby, ann, "and you, @ben?")));
        await rows.Reads.SetLevelAsync(lobby, cas, NoticeLevel.All);
        Assert.Equal([ben, cas], await CalledAsync(lobby, await SayAsync(lobby, ann, "@ben, you there?")));
    }

    [Fact]
    public async Task A_silenced_room_calls_nobody_and_one_that_calls_by_name_only_by_name()
    {
        await rows.Reads.SetLevelAsync(group, ben, NoticeLevel.Nothing);
        await rows.Reads.SetLevelAsync(group, cas, NoticeLevel.Mentions);

        Assert.Empty(await CalledAsync(group, await SayAsync(group, ann, "hello")));
        var called = await SayAsync(group, ann, "@ben and @cas!");
        Assert.Equal([cas], await CalledAsync(group, called));
        Assert.True((await store.AwayAsync(group, called)).Single().IsCalled);
        Assert.Equal([cas], await CalledAsync(group, await SayAsync(group, ann, "@all of you")));
    }

    [Fact]
    public async Task Of_several_messages_each_is_called_by_the_last_that_is_theirs_to_hear()
    {
        await rows.Reads.SetLevelAsync(group, cas, NoticeLevel.Mentions);
        var said = (List<StoredMessage>)[.. await SayAsync(group, ann, "one"), .. await SayAsync(group, ann, "@cas two"), .. await SayAsync(group, ann, "three")];

        var called = (await store.CalledAsync(group, said, [ann, ben, cas])).ToDictionary(n => n.UserId, n => n.Seq);

        Assert.Equal((said[2].Seq, said[1].Seq, 2), (called[ben], called[cas], called.Count));
    }

    [Fact]
    public async Task Who_is_named_hears_of_it_whoever_names_them_after_it()
    {
        await rows.Reads.SetLevelAsync(group, ben, NoticeLevel.Mentions);
        Assert.True(await rows.Contacts.BlockAsync(ben, "cas"));
        foreach (var words in new[] { "@ben, dinner?", "@all dinner!" })
        {
            var said = (List<StoredMessage>)[.. await SayAsync(group, ann, words), .. await SayAsync(group, cas, "@ben me too"), .. await SayAsync(group, cas, "@ann and you")];

            var called = (await store.CalledAsync(group, said, [ben])).Single();

            Assert.Equal((said[0].Seq, true), (called.Seq, called.IsCalled));
            Assert.Equal((said[0].Seq, true), (await store.AwayAsync(group, said)).Where(a => a.UserId == ben).Select(a => (a.Seq, a.IsCalled)).Single());
        }
        Assert.Empty(await store.CalledAsync(group, [.. await SayAsync(group, ann, "@cas alone"), .. await SayAsync(group, cas, "@ben then")], [ben]));
    }

    [Fact]
    public async Task What_is_read_calls_nobody()
    {
        var said = await SayAsync(group, ann, "hello");
        await rows.Reads.MarkAsync(ben, group, said[0].Seq);

        Assert.Equal([cas], await CalledAsync(group, said));
    }

    [Fact]
    public async Task What_was_taken_back_calls_nobody_but_to_say_so()
    {
        var said = await SayAsync(group, ann, "a mistake");
        Assert.Empty(await store.AwayAsync(group, said, isGone: true));

        await rows.Changes.RecallAsync(ann, group, said[0].Seq, 0, 2);

        Assert.Empty(await CalledAsync(group, said));
        Assert.Equal([ben, cas], (await store.AwayAsync(group, said, isGone: true)).Select(a => a.UserId).Order());
    }

    [Fact]
    public async Task Whom_one_has_blocked_calls_in_no_room()
    {
        var direct = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        Assert.Equal([ben], await CalledAsync(direct, await SayAsync(direct, ann, "hello")));
        Assert.True(await rows.Contacts.BlockAsync(ben, "ann"));

        Assert.Empty(await CalledAsync(direct, await SayAsync(direct, ann, "hello?")));
        Assert.Equal([cas], await CalledAsync(group, await SayAsync(group, ann, "@ben, do you read this?")));
        Assert.Equal([ann, cas], await CalledAsync(group, await SayAsync(group, ben, "one way only"))); // who is blocked does not notice
    }

    [Fact]
    public async Task One_who_left_or_was_removed_is_called_by_nothing_more()
    {
        var said = await SayAsync(group, ann, "hello");
        Assert.Equal(MemberOutcome.Done, await rows.Deeds.RemoveAsync(group, ann, ben, rows.Notes.Add));
        Assert.Equal(MemberOutcome.Done, await rows.Members.LeaveAsync(group, cas, rows.Notes.Add));

        Assert.Empty(await CalledAsync(group, said));
        Assert.Empty(await CalledAsync(group, await SayAsync(group, ann, "@ben @cas")));
        await rows.JoinAsync(group, ben);
        said = await SayAsync(group, ann, "back again");
        await rows.Rooms.DissolveAsync(group, ann);
        Assert.Empty(await CalledAsync(group, said));
    }

    [Fact]
    public async Task A_friend_is_called_what_the_reader_calls_them()
    {
        var direct = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        await rows.Contacts.SetRemarkAsync(ben, "ann", "Sis");
        var said = await SayAsync(direct, ann, "hello");

        var called = (await store.CalledAsync(direct, said, [ann, ben])).Single();

        Assert.Equal((ben, RoomKind.Direct, "Sis", true), (called.UserId, called.Kind, called.Remark, called.ShowsText));
    }

    [Fact]
    public async Task Browsers_with_a_page_open_elsewhere_or_without_a_session_are_left_alone()
    {
        var push = new PushStore(rows.Database, TimeProvider.System);
        var said = await SayAsync(group, ann, "hello");
        await push.ShowAsync([$"session-{ben}"], TimeProvider.System.GetUtcNow().AddMinutes(1).ToUnixTimeMilliseconds());
        Assert.Equal([cas], (await store.AwayAsync(group, said)).Select(a => a.UserId));

        await new SessionStore(rows.Database, TimeProvider.System).RemoveAsync($"session-{cas}", cas);
        await push.ShowAsync([$"session-{ben}"], 1);

        Assert.Empty(await store.AwayAsync(group, said));
        await push.HideAsync([($"session-{ben}", long.MaxValue)]);
        var away = (await store.AwayAsync(group, said)).Single();
        Assert.Equal((ben, $"https://push.example/{ben}", "Walkers", RoomKind.Group), (away.UserId, away.Endpoint, away.RoomName, away.Kind));
        Assert.Equal((byte[])[4, 1, 2], away.P256dh);
    }

    [Fact]
    public async Task Thousands_are_asked_for_as_quickly_as_one()
    {
        await rows.Database.WriteAsync(c => c.ExecuteAsync(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
            INSERT INTO users (account, account_key, email, email_key, password_hash, stamp, nickname, nickname_key, seen_at, created_at, updated_at)
            SELECT 'many' || i, 'MANY' || i, 'many' || i, 'MANY' || i, '', '', 'many', 'many', 1, 1, 1 FROM n
            """));
        await rows.Database.WriteAsync(c => c.ExecuteAsync(
            "INSERT INTO members (room, user_id, joined_at) SELECT @group, id, 1 FROM users WHERE nickname = 'many'; UPDATE rooms SET people = people + 4000 WHERE number = @group;", new { group }));
        var many = await rows.Members.IdsAsync(group);
        var said = await SayAsync(group, ann, "hello all of you");

        // Where each is held against each it takes half a minute.
        var called = await store.CalledAsync(group, said, many).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(many.Count - 1, called.Count);
        Assert.Equal(many.Count, (await rows.Reads.LoudAsync(many).WaitAsync(TimeSpan.FromSeconds(10))).Count);
    }

    /// <summary>Those with an open page and those without are the same ones.</summary>
    private async Task<List<long>> CalledAsync(long room, IReadOnlyList<StoredMessage> said)
    {
        var here = (await store.CalledAsync(room, said, [ann, ben, cas, outsider])).Select(n => n.UserId).Order().ToList();
        Assert.Equal(here, (await store.AwayAsync(room, said)).Select(a => a.UserId).Order());
        return here;
    }

    private async Task<List<StoredMessage>> SayAsync(long room, long user, string body) => [(await rows.SayAsync(room, user, body))!];

    private async Task SubscribeAsync(long user)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await new SessionStore(rows.Database, TimeProvider.System).AddAsync(new Session { Id = $"session-{user}", UserId = user, Agent = "", CreatedAt = now, SeenAt = now }, "", null);
        Assert.True(await new PushStore(rows.Database, TimeProvider.System).AddAsync(new PushSubscription
        {
            Endpoint = $"https://push.example/{user}", UserId = user, SessionId = $"session-{user}", P256dh = [4, 1, 2], Auth = [7], Language = "en", Site = "https://chat.example", CreatedAt = 1,
        }));
    }
}
