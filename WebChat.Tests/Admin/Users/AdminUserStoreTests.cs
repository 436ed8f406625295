using Dapper;
using WebChat.Accounts;
using WebChat.Admin.Audit;
using WebChat.Admin.Users;
using WebChat.Tests.Accounts;

namespace WebChat.Tests.Admin.Users;

public sealed class AdminUserStoreOnSqlite() : AdminUserStoreTests(Engine.Sqlite);

public sealed class AdminUserStoreOnPostgres() : AdminUserStoreTests(Engine.Postgres);

public abstract class AdminUserStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private readonly TestClock clock = new();
    private AdminUserStore store = null!;
    private AuditStore audit = null!;
    private SessionStore sessions = null!;
    private long ann, ben, cas;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        store = new AdminUserStore(rows.Database, clock);
        audit = new AuditStore(rows.Database, clock);
        sessions = new SessionStore(rows.Database, clock);
        ann = await rows.UserAsync("ann", "Ann_Lee");
        ben = await rows.UserAsync("ben", "100% Ben");
        cas = await rows.UserAsync("cas", "Ärger");
        await rows.Database.ExecuteAsync("UPDATE users SET is_admin = 1 WHERE id = @ann", new { ann });
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task A_disabled_persons_devices_and_tokens_end_and_open_nothing_until_they_are_enabled()
    {
        await AddSessionAsync(ben, "device", token: null);
        await AddSessionAsync(ben, "token", token: "backup");
        await AddSessionAsync(cas, "other", token: null);

        Assert.Equal(Acted.Done, (await store.DisableAsync(ann, "BEN")).Outcome);
        Assert.Equal(Acted.Same, (await store.DisableAsync(ann, "ben")).Outcome);

        Assert.Empty(await sessions.AliveAsync(["device", "token"]));
        await AddSessionAsync(ben, "late", token: null); // the password was checked a moment before
        await AddSessionAsync(ben, "late token", token: "late");
        Assert.Null(await sessions.FindAsync("late"));
        Assert.Null(await sessions.FindTokenAsync("late token"));
        Assert.NotNull(await sessions.FindAsync("other"));

        Assert.Equal(Acted.Done, (await store.EnableAsync(ann, "ben")).Outcome);
        Assert.NotNull(await sessions.FindAsync("late"));
        Assert.Equal([Act.Enable, Act.Disable], (await audit.ListAsync(new AuditFilter(), long.MaxValue, 10)).Select(l => l.Act));
    }

    [Fact]
    public async Task Who_is_no_administrator_does_nothing_and_nothing_is_in_the_log()
    {
        foreach (var act in new[] { store.DisableAsync(ben, "cas"), store.EnableAsync(ben, "cas"), store.PromoteAsync(ben, "ben"), store.DemoteAsync(ben, "ann"), store.SignOutAsync(ben, "ann"), store.ResetAsync(ben, "ann", "x", isAll: true) })
            Assert.Equal(Acted.Unknown, (await act).Outcome);
        Assert.Equal(Acted.Unknown, (await store.DisableAsync(ann, "nobody")).Outcome);

        Assert.True((await store.FindAsync("ann"))!.IsAdmin);
        Assert.False((await store.FindAsync("ben"))!.IsAdmin);
        Assert.Null((await store.FindAsync("cas"))!.DisabledAt);
        Assert.Empty(await audit.ListAsync(new AuditFilter(), long.MaxValue, 10));
    }

    [Fact]
    public async Task A_reset_takes_the_second_step_and_passkeys_where_that_is_wanted_and_the_log_says_which()
    {
        foreach (var id in new[] { ben, cas })
        {
            await rows.Database.ExecuteAsync("INSERT INTO two_step (user_id, secret, last_step, created_at) VALUES (@id, '', 0, 1)", new { id });
            await rows.Database.ExecuteAsync(
                """
                INSERT INTO passkeys (id, user_id, name, public_key, sign_count, transports, is_verified, is_portable, is_copied, attestation, client_data, created_at)
                VALUES (@key, @id, '', @none, 0, '', 1, 0, 0, @none, @none, 1)
                """, new { key = $"key-{id}", id, none = Array.Empty<byte>() });
        }

        Assert.Equal(Acted.Done, (await store.ResetAsync(ann, "ben", "x", isAll: false)).Outcome);
        Assert.True(await store.FindAsync("ben") is { HasTwoStep: true, Passkeys: 1 });
        Assert.Equal(Acted.Done, (await store.ResetAsync(ann, "ben", "x", isAll: true)).Outcome);

        Assert.True(await store.FindAsync("ben") is { HasTwoStep: false, Passkeys: 0 });
        Assert.True(await store.FindAsync("cas") is { HasTwoStep: true, Passkeys: 1 });
        Assert.Equal([Act.ResetAll, Act.Reset], (await audit.ListAsync(new AuditFilter(), long.MaxValue, 10)).Select(l => l.Act));
    }

    [Fact]
    public async Task The_last_administrator_stays_one_also_when_two_step_down_at_once()
    {
        Assert.Equal(Acted.LastAdministrator, (await store.DemoteAsync(ann, "ann")).Outcome);
        Assert.Equal(Acted.Oneself, (await store.DisableAsync(ann, "ann")).Outcome);
        for (var i = 0; i < 5; i++)
        {
            await rows.Database.ExecuteAsync("UPDATE users SET is_admin = 1 WHERE id IN (@ann, @ben)", new { ann, ben });

            var both = await Task.WhenAll(store.DemoteAsync(ann, "ann"), store.DemoteAsync(ben, "ben"));

            Assert.Equal([Acted.Done, Acted.LastAdministrator], both.Select(b => b.Outcome).Order());
        }
    }

    [Fact]
    public async Task Of_two_who_disable_each_other_at_once_one_is_left()
    {
        await store.PromoteAsync(ann, "ben");

        var both = await Task.WhenAll(store.DisableAsync(ann, "ben"), store.DisableAsync(ben, "ann"));

        Assert.Equal([Acted.Done, Acted.Unknown], both.Select(b => b.Outcome).Order());
    }

    [Fact]
    public async Task A_disabled_administrator_is_nobody_whom_the_last_one_may_leave_it_to()
    {
        await store.PromoteAsync(ann, "ben");
        await store.DisableAsync(ann, "ben");

        Assert.Equal(Acted.LastAdministrator, (await store.DemoteAsync(ann, "ann")).Outcome);
        Assert.Equal(Acted.Done, (await store.DemoteAsync(ann, "ben")).Outcome);
        Assert.Equal(Acted.Disabled, (await store.PromoteAsync(ann, "ben")).Outcome);
    }

    [Fact]
    public async Task An_act_that_cannot_be_written_to_the_log_is_not_done()
    {
        await rows.Database.ExecuteAsync("ALTER TABLE audit RENAME TO elsewhere", new { });

        await Assert.ThrowsAnyAsync<Exception>(() => store.DisableAsync(ann, "ben"));

        Assert.Null((await store.FindAsync("ben"))!.DisabledAt);
    }

    [Theory]
    [InlineData("an", "ann")]
    [InlineData("ANN_", "ann")]
    [InlineData("ANN%", "")]
    [InlineData("100%", "ben")]
    [InlineData("ä", "cas")]
    [InlineData("ÄRG", "cas")]
    [InlineData("rger", "")]
    [InlineData("", "ann,ben,cas")]
    public async Task People_are_found_by_what_their_names_begin_with_to_the_letter(string beginning, string found)
    {
        await rows.Database.WriteAsync(async c => await UserStore.AddBotAsync(c, "annbot", 1));

        var page = await store.ListAsync(beginning, UserOrder.Account, isReversed: false, page: 1);

        Assert.Equal(found.Split(',', StringSplitOptions.RemoveEmptyEntries), page.Users.Select(u => u.Account));
        Assert.Equal(page.Users.Count, page.Count);
    }

    [Theory]
    [InlineData("okafor", "cas")]
    [InlineData("OKAFOR", "cas")]
    [InlineData("oka", "cas")]
    [InlineData("de la", "cas")]
    [InlineData("kafor", "")]
    [InlineData("o_afor", "")]
    [InlineData("%", "")]
    [InlineData("be", "ben,cas")]
    public async Task And_by_what_any_word_of_their_nickname_begins_with(string beginning, string found)
    {
        await rows.Database.ExecuteAsync("UPDATE users SET nickname = 'Ben de la Okafor', nickname_key = 'ben de la okafor' WHERE id = @cas", new { cas });

        var page = await store.ListAsync(beginning, UserOrder.Account, isReversed: false, page: 1);

        Assert.Equal(found.Split(',', StringSplitOptions.RemoveEmptyEntries), page.Users.Select(u => u.Account));
        Assert.Equal(page.Users.Count, page.Count);
    }

    [Fact]
    public async Task Pages_of_many_are_disjoint_and_whole_in_every_order()
    {
        await rows.Database.WriteAsync(async c =>
        {
            for (var i = 0; i < 1_100; i++)
                await c.ExecuteAsync(
                    "INSERT INTO users (account, account_key, email, email_key, password_hash, stamp, nickname, nickname_key, seen_at, created_at, updated_at) VALUES (@a, @k, @a, @k, '', '', @a, @a, @seen, @i, 1)",
                    new { a = $"many{i:D4}", k = $"MANY{i:D4}", i = (long)i, seen = (long)(i % 7) });
        });
        foreach (var order in Enum.GetValues<UserOrder>())
        {
            foreach (var beginning in new[] { "many", "" })
            {
                var seen = new List<string>();
                for (var p = 1; ; p++)
                {
                    var page = await store.ListAsync(beginning, order, isReversed: false, p);
                    seen.AddRange(page.Users.Select(u => u.Account));
                    if (page.Users.Count < AdminUserStore.PageSize)
                        break;
                }
                Assert.Equal(beginning.Length > 0 ? 1_100 : 1_103, seen.Distinct().Count());
                Assert.Equal(seen.Count, seen.Distinct().Count());
            }
        }
        Assert.Equal("many1099", (await store.ListAsync("many", UserOrder.Created, false, 1)).Users[0].Account);
        Assert.Equal("many0000", (await store.ListAsync("many", UserOrder.Account, false, 1)).Users[0].Account);
        var all = new List<string>();
        await foreach (var user in store.AllAsync(CancellationToken.None))
            all.Add(user.Account);
        Assert.Equal(1_103, all.Distinct().Count());
    }

    [Fact]
    public async Task The_log_is_read_by_person_and_act_in_pages()
    {
        await store.PromoteAsync(ann, "ben");
        await store.DisableAsync(ben, "cas");
        await store.EnableAsync(ann, "cas");

        Assert.Equal([Act.Enable, Act.Disable], (await audit.ListAsync(new AuditFilter(UserId: cas), long.MaxValue, 10)).Select(l => l.Act));
        Assert.Equal(["ben", "ann"], (await audit.ListAsync(new AuditFilter(UserId: ben), long.MaxValue, 10)).Select(l => l.Actor));
        var newest = (await audit.ListAsync(new AuditFilter(), long.MaxValue, 1)).Single();
        Assert.Equal((Act.Enable, "ann", "cas"), (newest.Act, newest.Actor, newest.Account));
        Assert.Equal([Act.Disable, Act.Promote], (await audit.ListAsync(new AuditFilter(), newest.Id, 10)).Select(l => l.Act));
        Assert.Equal("cas", (await audit.ListAsync(new AuditFilter(ben, Act.Disable), long.MaxValue, 10)).Single().Account);
    }

    private Task AddSessionAsync(long user, string id, string? token)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return rows.Database.WriteAsync(c => SessionStore.AddAsync(c, new Session { Id = id, UserId = user, Agent = "", CreatedAt = now, SeenAt = now, TokenName = token }));
    }
}
