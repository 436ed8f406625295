using Dapper;
using WebChat.Accounts;

namespace WebChat.Tests.Accounts;

public sealed class SessionStoreOnSqlite() : SessionStoreTests(Engine.Sqlite);

public sealed class SessionStoreOnPostgres() : SessionStoreTests(Engine.Postgres);

public abstract class SessionStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private readonly TestClock clock = new();
    private SessionStore store = null!;
    private long ann, ben;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        store = new SessionStore(rows.Database, clock);
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task A_new_one_beyond_the_most_pushes_out_the_one_used_longest_ago_and_nobody_elses()
    {
        await AddAsync(ben, "bens");
        for (var i = 0; i < SessionStore.Most; i++)
            Assert.Empty((await AddAsync(ann, $"s{i}"))!);
        clock.Pass(TimeSpan.FromMinutes(1));
        await store.TouchAsync("s0", ann);

        Assert.Equal(["s1"], await AddAsync(ann, "new"));

        Assert.Null(await store.FindAsync("s1"));
        foreach (var id in new[] { "s0", "new", "bens" })
            Assert.NotNull(await store.FindAsync(id));
        Assert.Equal(SessionStore.Most, (await store.ListAsync(ann)).Count);
    }

    [Fact]
    public async Task Of_those_who_never_come_back_nothing_stays()
    {
        await AddAsync(ann, "old");
        clock.Pass(SessionStore.Idle);
        await AddAsync(ben, "young");

        await store.SweepAsync();

        Assert.Equal(["young"], await rows.Database.ReadAsync(c => c.QueryAsync<string>("SELECT id FROM sessions")));
    }

    [Fact]
    public async Task A_token_is_no_device_and_does_not_grow_old()
    {
        await AddAsync(ann, "device");
        Assert.True(await AddTokenAsync(ann, "token", "device"));

        clock.Pass(SessionStore.Absolute * 2);
        await store.SweepAsync();
        for (var i = 0; i <= SessionStore.Most; i++)
            await AddAsync(ann, $"s{i}");

        Assert.Equal("ann", (await store.FindTokenAsync("token"))!.Account);
        Assert.Null(await store.FindAsync("token"));
        Assert.Null(await store.FindTokenAsync("s1"));
        Assert.Equal(["token"], await store.AliveAsync(["token", "device", "nobody"]));
        Assert.DoesNotContain(await store.ListAsync(ann), s => s.Id == "token");
        Assert.Equal(SessionStore.Most, (await store.ListAsync(ann)).Count);
        Assert.Equal(["token"], (await store.TokensAsync(ann)).Select(t => t.Id));
        Assert.Empty(await store.TokensAsync(ben));
        Assert.False(await store.RemoveAsync("token", ben));
        await store.RemoveOthersAsync("s1", ann);
        Assert.Null(await store.FindTokenAsync("token"));
    }

    [Fact]
    public async Task Of_twenty_one_tokens_at_once_twenty_are_made_and_others_have_theirs()
    {
        await AddAsync(ann, "device");
        await AddAsync(ben, "bens device");
        var made = await Task.WhenAll(Enumerable.Range(0, SessionStore.MostTokens + 1).Select(i => AddTokenAsync(ann, $"t{i}", "device")));

        Assert.Equal(SessionStore.MostTokens, made.Count(m => m));
        Assert.False(await AddTokenAsync(ben, "bens", "device")); // made by nobody who is signed in as ben
        Assert.True(await AddTokenAsync(ben, "bens", "bens device"));
        var before = await rows.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT seen_at FROM users WHERE id = @ben", new { ben }));
        clock.Pass(TimeSpan.FromMinutes(1));
        await store.TouchTokenAsync("bens");
        Assert.True((await store.TokensAsync(ben)).Single().SeenAt > 0);
        Assert.Equal(before, await rows.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT seen_at FROM users WHERE id = @ben", new { ben })));
    }

    [Fact]
    public async Task Who_showed_what_was_changed_meanwhile_or_is_shut_out_is_not_let_in()
    {
        Assert.Null(await AddAsync(ann, "old stamp", "another"));
        await AddAsync(ann, "device");
        await store.RemoveOthersAsync("device", ann);
        Assert.Null(await AddAsync(ann, "in flight"));
        await rows.Database.WriteAsync(c => c.ExecuteAsync("UPDATE users SET disabled_at = 1 WHERE id = @ben", new { ben }));
        Assert.Null(await AddAsync(ben, "shut out"));

        Assert.Equal(["device"], await rows.Database.ReadAsync(c => c.QueryAsync<string>("SELECT id FROM sessions")));
    }

    private Task<bool> AddTokenAsync(long user, string id, string maker) =>
        store.AddTokenAsync(new Session { Id = id, UserId = user, Agent = "", CreatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds(), SeenAt = 0, TokenName = id }, maker);

    private Task<IReadOnlyList<string>?> AddAsync(long user, string id, string stamp = "")
    {
        clock.Pass(TimeSpan.FromSeconds(1));
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return store.AddAsync(new Session { Id = id, UserId = user, Agent = "", CreatedAt = now, SeenAt = now }, stamp, replaced: null);
    }
}
