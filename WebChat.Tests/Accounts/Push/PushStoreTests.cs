using Dapper;
using WebChat.Accounts;
using WebChat.Accounts.Push;

namespace WebChat.Tests.Accounts.Push;

public sealed class PushStoreOnSqlite() : PushStoreTests(Engine.Sqlite);

public sealed class PushStoreOnPostgres() : PushStoreTests(Engine.Postgres);

public abstract class PushStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private PushStore store = null!;
    private SessionStore sessions = null!;
    private long ann, ben;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        store = new PushStore(rows.Database, TimeProvider.System);
        sessions = new SessionStore(rows.Database, TimeProvider.System);
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        foreach (var (id, user) in new[] { ("ann-1", ann), ("ann-2", ann), ("ben-1", ben) })
            await SignInAsync(id, user);
    }

    public async Task DisposeAsync()
    {
        store.Dispose();
        await rows.DisposeAsync();
    }

    [Fact]
    public async Task The_key_is_made_once_however_many_nodes_ask_at_once()
    {
        var other = await rows.OtherNodeAsync();
        var stores = Enumerable.Range(0, 8).Select(i => new PushStore(i % 2 == 0 ? rows.Database : other.Database, TimeProvider.System)).ToList();

        var keys = await Task.WhenAll(stores.Select(s => s.KeyAsync()));

        Assert.Single(keys.Select(k => k.Public).Distinct());
        Assert.Equal(keys[0].Public, (await store.KeyAsync()).Public);
        Assert.Equal(65, System.Buffers.Text.Base64Url.DecodeFromChars(keys[0].Public).Length);
        stores.ForEach(s => s.Dispose());
        if (!ReferenceEquals(other, rows))
            await other.Database.DisposeAsync();
    }

    [Fact]
    public async Task Anothers_address_is_neither_taken_over_nor_removed()
    {
        var hers = Of("ann-1", ann, "https://push.example/ann");
        Assert.True(await store.AddAsync(hers));

        Assert.False(await store.AddAsync(Of("ben-1", ben, hers.Endpoint) with { Auth = new byte[16] }));
        Assert.False(await store.RemoveAsync(hers.Endpoint, ben));

        Assert.True(await store.IsThereAsync(hers));
        Assert.Equal(hers.Auth, await rows.Database.ReadAsync(c => c.QuerySingleAsync<byte[]>("SELECT auth FROM push_subscriptions")));
        Assert.True(await store.RemoveAsync(hers.Endpoint, ann));
        Assert.True(await store.AddAsync(Of("ben-1", ben, hers.Endpoint)));
    }

    [Fact]
    public async Task Nobody_subscribes_for_a_session_that_is_over_or_not_theirs()
    {
        await sessions.RemoveAsync("ann-2", ann);

        Assert.False(await store.AddAsync(Of("ann-2", ann, "https://push.example/1")));
        Assert.False(await store.AddAsync(Of("ann-1", ben, "https://push.example/2")));

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task It_ends_with_its_session_and_no_other()
    {
        var (one, other) = (Of("ann-1", ann, "https://push.example/1"), Of("ann-2", ann, "https://push.example/2"));
        Assert.True(await store.AddAsync(one));
        Assert.True(await store.AddAsync(other));

        await sessions.RemoveAsync("ann-1", ann);

        Assert.False(await store.IsThereAsync(one));
        Assert.True(await store.IsThereAsync(other));
        Assert.Equal(1, await CountAsync());
        await sessions.RemoveOthersAsync("none", ann);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_browser_has_one_and_a_person_twenty_at_most_the_newest_ones()
    {
        Assert.True(await store.AddAsync(Of("ann-1", ann, "https://push.example/old")));
        Assert.True(await store.AddAsync(Of("ann-1", ann, "https://push.example/new")));
        Assert.Equal(1, await CountAsync());
        for (var i = 0; i < PushStore.Most + 5; i++)
        {
            await SignInAsync($"more-{i}", ann);
            Assert.True(await store.AddAsync(Of($"more-{i}", ann, $"https://push.example/more-{i}") with { CreatedAt = 100 + i }));
        }
        Assert.True(await store.AddAsync(Of("ben-1", ben, "https://push.example/ben")));

        Assert.Equal(PushStore.Most + 1, await CountAsync());
        Assert.False(await store.IsThereAsync(Of("ann-1", ann, "https://push.example/new")));
        Assert.True(await store.IsThereAsync(Of("more-24", ann, "https://push.example/more-24")));
    }

    [Fact]
    public async Task A_node_takes_its_word_back_and_not_anothers()
    {
        Assert.True(await store.AddAsync(Of("ann-1", ann, "https://push.example/1")));
        await store.ShowAsync(["ann-1", "nobody"], 1000);
        await store.ShowAsync(["ann-1"], 500);
        Assert.Equal(1000, await OpenUntilAsync());
        await store.ShowAsync(["ann-1"], 2000); // at another node

        await store.HideAsync([("ann-1", 1000), ("nobody", 5000)]);
        Assert.Equal(2000, await OpenUntilAsync());
        await store.HideAsync([("ann-1", 2000)]);

        Assert.Equal(0, await OpenUntilAsync());
    }

    [Fact]
    public async Task What_stands_in_notifications_is_each_ones_own_choice()
    {
        Assert.True(await store.ShowsTextAsync(ann));
        await store.SetShowsTextAsync(ann, shows: false);

        Assert.False(await store.ShowsTextAsync(ann));
        Assert.True(await store.ShowsTextAsync(ben));
    }

    private Task<IReadOnlyList<string>?> SignInAsync(string id, long user)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return sessions.AddAsync(new Session { Id = id, UserId = user, Agent = "", CreatedAt = now, SeenAt = now }, "", null);
    }

    private Task<long> CountAsync() => rows.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM push_subscriptions"));

    private Task<long> OpenUntilAsync() => rows.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT open_until FROM push_subscriptions"));

    private static PushSubscription Of(string session, long user, string endpoint) => new()
    {
        Endpoint = endpoint, UserId = user, SessionId = session, P256dh = [4, 1, 2], Auth = [7, 8], Language = "en", Site = "https://chat.example", CreatedAt = 1,
    };
}
