using Dapper;
using Microsoft.AspNetCore.Identity;
using WebChat.Accounts;
using WebChat.Accounts.Leaving;
using WebChat.Contacts;
using WebChat.Live;
using WebChat.Messages.Bots;
using WebChat.Messages.Lucky;
using WebChat.Rooms;

namespace WebChat.Tests.Accounts.Leaving;

public sealed class LeavingStoreOnSqlite() : LeavingStoreTests(Engine.Sqlite);

public sealed class LeavingStoreOnPostgres() : LeavingStoreTests(Engine.Postgres);

/// <summary>What stays of somebody who left, and what does not.</summary>
public abstract class LeavingStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private readonly TestClock clock = new();
    private LeavingStore store = null!;
    private long admin, ann, ben, cas;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        var connections = new Connections(new Topics(), new Relay(new OneNode()), new Roster(), TimeProvider.System);
        var log = new RoomLog(rows.Database);
        var hooks = new ContactHooks();
        new DirectRooms(log, rows.Feed, connections, TimeProvider.System).Follow(hooks);
        var leaving = new LeavingUsers();
        leaving.Left.Add(new LeavingBots(log, rows.Feed).LeaveAsync);
        leaving.Left.Add(new LeavingContacts(hooks, connections).LeaveAsync);
        leaving.Left.Add(new DepartureStore(rows.Database, log, rows.Feed, connections).LeaveAsync);
        store = new LeavingStore(rows.Database, leaving, clock);
        admin = await rows.UserAsync("admin");
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        cas = await rows.UserAsync("cas");
        await DoAsync("UPDATE users SET is_admin = 1 WHERE id = @admin", new { admin });
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task Nothing_of_the_person_stays_but_their_place_in_history()
    {
        var room = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        await rows.SayAsync(room, ann, "between us");
        await DoAsync(
            """
            INSERT INTO sessions (id, user_id, agent, created_at, seen_at) VALUES ('device', @ann, '', 1, 1), ('bens', @ben, '', 1, 1);
            INSERT INTO sessions (id, user_id, agent, created_at, seen_at, token_name) VALUES ('token', @ann, '', 1, 1, 'script');
            INSERT INTO push_subscriptions (endpoint, user_id, session_id, p256dh, auth, language, site, created_at) VALUES ('https://push.example/1', @ann, 'device', @none, @none, 'en', '', 1);
            INSERT INTO two_step (user_id, secret, last_step, created_at) VALUES (@ann, 's', 1, 1);
            INSERT INTO recovery_codes (user_id, hash) VALUES (@ann, 'h');
            INSERT INTO passkeys (id, user_id, name, public_key, sign_count, transports, is_verified, is_portable, is_copied, attestation, client_data, created_at) VALUES ('k', @ann, '', @none, 0, '', 1, 0, 0, @none, @none, 1);
            INSERT INTO pictures (id, owner_id, type, bytes, created_at) VALUES ('face', @ann, 'image/png', @none, 1);
            UPDATE users SET picture = 'face', signature = 'by the sea', sex = 2, language = 'en' WHERE id = @ann;
            """, new { ann, ben, none = Array.Empty<byte>() });

        Assert.True(await store.LeaveAsync(ann, takesBack: false));

        var row = (IDictionary<string, object?>)await rows.Database.ReadAsync(c => c.QuerySingleAsync("SELECT * FROM users WHERE id = @ann", new { ann }));
        Assert.DoesNotContain(row.Values, v => v is string s && (s.Contains("ann", StringComparison.OrdinalIgnoreCase) || s.Contains("sea", StringComparison.Ordinal)));
        foreach (var table in new[] { "sessions", "push_subscriptions", "two_step", "recovery_codes", "passkeys" })
            Assert.Equal(table == "sessions" ? 1 : 0, await CountAsync($"SELECT count(*) FROM {table}"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM pictures"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM contacts"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM members WHERE user_id = @ann"));
        Assert.Null(await rows.Rooms.FindAsync(room, ben));
        Assert.Null(await rows.Contacts.FindAsync("ann", ben));
        Assert.Null(await rows.Contacts.FindAsync($"~{ann}", ben));
        Assert.DoesNotContain(await rows.Contacts.SearchAsync("e", ben, 1), p => p.Id == ann);
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM messages WHERE author_id = @ann AND body = 'between us'"));
        Assert.False(await store.LeaveAsync(ann, takesBack: false));
    }

    [Fact]
    public async Task The_account_name_is_nobodys_and_the_address_is_free()
    {
        using var users = new UserStore(rows.Database, new NewUsers(), new IdentityErrorDescriber(), clock);
        await DoAsync("UPDATE users SET email_key = 'ANN@EXAMPLE.ORG' WHERE id = @ann", new { ann });
        await store.LeaveAsync(ann, takesBack: false);
        User Somebody(string account) => new() { Account = account, AccountKey = account.ToUpperInvariant(), Email = "ann@example.org", EmailKey = "ANN@EXAMPLE.ORG", Nickname = account };

        Assert.Equal("DuplicateUserName", Assert.Single((await users.CreateAsync(Somebody("Ann"), default)).Errors).Code);
        Assert.True(await store.IsReservedAsync("ANN"));
        Assert.Null(await rows.Database.WriteAsync(c => UserStore.AddBotAsync(c, "ann", 1)));
        Assert.True((await users.CreateAsync(Somebody("anna"), default)).Succeeded);
        Assert.Null(await users.FindAsync(ann));
        Assert.Null(await users.FindByNameAsync($"~{ann}", default));
    }

    [Fact]
    public async Task A_group_goes_to_one_who_may_come_in_before_one_who_may_not()
    {
        var room = await rows.GroupAsync(ann, "Led");
        await rows.JoinAsync(room, ben);
        await rows.JoinAsync(room, cas);
        await DoAsync("UPDATE members SET role = 1 WHERE room = @room AND user_id = @ben; UPDATE users SET disabled_at = 1 WHERE id = @ben;", new { room, ben });

        Assert.True(await store.LeaveAsync(ann, takesBack: false));

        Assert.Equal(cas, await OwnerAsync(room));
    }

    [Fact]
    public async Task A_group_goes_to_the_oldest_administrator_else_the_oldest_member_else_ends()
    {
        var led = await rows.GroupAsync(ann, "Led");
        await rows.JoinAsync(led, ben);
        await rows.JoinAsync(led, cas);
        await DoAsync("UPDATE members SET role = 1 WHERE room = @led AND user_id = @cas", new { led, cas });
        var plain = await rows.GroupAsync(ann, "Plain");
        await rows.JoinAsync(plain, ben);
        await rows.JoinAsync(plain, cas);
        await DoAsync("UPDATE members SET joined_at = CASE WHEN user_id = @ben THEN 1 ELSE 2 END WHERE room = @plain AND user_id <> @ann", new { plain, ann, ben });
        var alone = await rows.GroupAsync(ann, "Alone");
        var other = await rows.GroupAsync(ben, "Ben's");
        await rows.JoinAsync(other, ann);
        var bot = (await rows.Database.WriteAsync(async c =>
        {
            var id = await UserStore.AddBotAsync(c, "kettle", 1);
            await MemberStore.AddAsync(c, alone, id!.Value, Role.Administrator, 1);
            await c.ExecuteAsync("INSERT INTO bots (user_id, room, made_by, token_id, secret, created_at) VALUES (@id, @alone, @ben, 't', 's', 1)", new { id, alone, ben });
            return id;
        }))!.Value;

        Assert.True(await store.LeaveAsync(ann, takesBack: false));

        Assert.Equal(cas, await OwnerAsync(led));
        Assert.Equal(Role.Owner, (await rows.Rooms.FindAsync(led, cas))!.Role);
        Assert.Equal(ben, await OwnerAsync(plain));
        Assert.Equal(Role.Member, (await rows.Rooms.FindAsync(plain, cas))!.Role);
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM rooms WHERE number = @alone AND closed_at IS NOT NULL", new { alone }));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM members WHERE user_id = @bot", new { bot }));
        Assert.Equal(ben, await OwnerAsync(other));
        Assert.Equal(["left", "handed-over cas"], (await rows.Messages.AfterAsync(cas, led, 0, 50)).Where(m => m.AuthorId == ann).Select(m => m.Body).TakeLast(2));
    }

    [Fact]
    public async Task The_bots_that_one_made_go_too_and_others_stay()
    {
        var room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
        await DoAsync("UPDATE members SET role = 1 WHERE room = @room AND user_id = @ben", new { room, ben });
        var bots = new BotStore(rows.Database, rows.RoomNotes, clock);
        await bots.AddAsync(ann, room, "kettle", null, "t1", "s", rows.Notes.Add);
        await bots.AddAsync(ben, room, "toaster", null, "t2", "s", rows.Notes.Add);

        await store.LeaveAsync(ann, takesBack: false);

        Assert.Null(await bots.FindByTokenAsync("t1", room));
        Assert.NotNull(await bots.FindByTokenAsync("t2", room));
        Assert.Equal(["toaster"], (await bots.ListAsync(ben, room)).Select(b => b.Name));
    }

    [Fact]
    public async Task The_last_administrator_stays_and_of_two_at_once_one_does()
    {
        Assert.False(await store.MayLeaveAsync(admin));
        Assert.False(await store.LeaveAsync(admin, takesBack: true));
        Assert.NotNull(await rows.Contacts.FindAsync("admin", ben));
        await DoAsync("UPDATE users SET is_admin = 1 WHERE id = @ann", new { ann });
        Assert.True(await store.MayLeaveAsync(admin));

        var left = await Task.WhenAll(store.LeaveAsync(admin, takesBack: false), store.LeaveAsync(ann, takesBack: false));

        Assert.Single(left, l => l);
    }

    [Fact]
    public async Task What_was_written_is_taken_back_bit_by_bit_also_where_nobody_reads_and_after_a_restart()
    {
        var direct = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        var group = await rows.GroupAsync(ben);
        await rows.JoinAsync(group, ann);
        for (var i = 0; i < 30; i++)
            await rows.SayAsync(i % 3 == 0 ? direct : group, ann, $"secret words {i}");
        await rows.SayAsync(group, ben, "not hers");
        await DoAsync("INSERT INTO media (id, owner_id, room, seq, kind, name, type, bytes, hash, created_at) SELECT 'file', @ann, room, seq, 0, 'a.txt', 'text/plain', 1, '', 1 FROM messages WHERE author_id = @ann AND room = @group AND client_id IS NOT NULL ORDER BY seq LIMIT 1; UPDATE messages SET kind = 6 WHERE (room, seq) IN (SELECT room, seq FROM media)", new { ann, group });
        await rows.Index.IndexAsync(group);
        Assert.True(await store.LeaveAsync(ann, takesBack: true));
        Assert.Equal(30, await CountAsync("SELECT count(*) FROM messages WHERE body LIKE 'secret words%'"));
        var rev = (await rows.Rooms.FindAsync(group, ben))!.Rev;

        Assert.True(await rows.Changes.TakeBackSomeAsync(7, 5));
        Assert.Equal(23, await CountAsync("SELECT count(*) FROM messages WHERE body LIKE 'secret words%'"));
        await rows.StartAgainAsync();
        while (await rows.Changes.TakeBackSomeAsync(7, 5))
        {
            // until nothing is left
        }

        Assert.Equal(0, await CountAsync("SELECT count(*) FROM messages WHERE body LIKE 'secret words%'"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM media"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM removals"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM search_words WHERE word = 'secret' AND places <> ''"));
        var seen = await rows.Messages.AfterAsync(ben, group, 0, 100);
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(i => (long)i), seen.Select(m => m.Seq));
        Assert.Equal(20, seen.Count(m => m.IsRecalled));
        Assert.Contains(seen, m => m.Body == "not hers");
        var changes = (await rows.Messages.ChangesAsync(group, rev, 100)).Select(m => m.Rev).ToList();
        Assert.Equal(Enumerable.Range(1, 20).Select(i => rev + i), changes); // each reader is told of each, without a gap
    }

    [Fact]
    public async Task Points_are_neither_lost_nor_made()
    {
        var group = await rows.GroupAsync(ben);
        await rows.JoinAsync(group, ann);
        var lucky = new LuckyStore(rows.Database, rows.Changes, new LuckyOptions());
        var packet = new LuckyPacket { Greeting = "from ann", Total = 90, Shares = 3 };
        var sent = (await rows.Messages.PostAsync(
            new NewPostOf(ann, group).With(packet), lucky.TakeAsync)).Message!;
        await lucky.OpenAsync(ben, group, sent.Seq, 2);
        var before = await SumAsync();

        await store.LeaveAsync(ann, takesBack: true);
        while (await rows.Changes.TakeBackSomeAsync(20, 5))
        {
            // until nothing is left
        }

        Assert.Equal(before, await SumAsync());
        var left = (await rows.Messages.AfterAsync(ben, group, 0, 100)).Single(m => m.Kind == LuckyKind.Id);
        Assert.DoesNotContain("from ann", left.Content!, StringComparison.Ordinal);
        Assert.False(left.IsRecalled);
        await lucky.ReturnAsync(group, sent.Seq, long.MaxValue / 2);
        Assert.Equal(before, await SumAsync());
    }

    private sealed record NewPostOf(long UserId, long Room)
    {
        public WebChat.Messages.NewPost With(LuckyPacket packet) =>
            new(UserId, Room, "", "lucky", 1) { Kind = LuckyKind.Id, Content = WebChat.Messages.Content.Pack(packet) };
    }

    private Task<long> SumAsync() => CountAsync("SELECT CAST((SELECT coalesce(sum(balance), 0) FROM points) + (SELECT coalesce(sum(left_points), 0) FROM lucky) AS bigint)");

    private Task<long> OwnerAsync(long room) => CountAsync("SELECT owner_id FROM rooms WHERE number = @room", new { room });

    private Task<long> CountAsync(string sql) => CountAsync(sql, new { ann });

    private Task<long> CountAsync(string sql, object parameters) => rows.Database.ReadAsync(c => c.ExecuteScalarAsync<long>(sql, parameters));

    private Task<int> DoAsync(string sql, object parameters) => rows.Database.WriteAsync(c => c.ExecuteAsync(sql, parameters));
}
