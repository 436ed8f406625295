using Dapper;
using Microsoft.AspNetCore.Identity;
using WebChat.Accounts.Factors;

namespace WebChat.Tests.Accounts.Factors;

public sealed class TwoStepStoreOnSqlite() : TwoStepStoreTests(Engine.Sqlite);

public sealed class TwoStepStoreOnPostgres() : TwoStepStoreTests(Engine.Postgres);

/// <summary>Second steps and passkeys, as each engine keeps them.</summary>
public abstract class TwoStepStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private readonly TestClock clock = new();
    private TwoStepStore store = null!;
    private PasskeyStore passkeys = null!;
    private long ann, ben;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        store = new TwoStepStore(rows.Database, clock);
        passkeys = new PasskeyStore(rows.Database, clock);
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task A_time_step_is_taken_once_and_none_before_it_after_it()
    {
        Assert.True(await store.AddAsync(ann, "secret", step: 10, ["a", "b"]));
        Assert.False(await store.TakeStepAsync(ann, 10)); // the code that turned it on

        var at_once = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => store.TakeStepAsync(ann, 12)));

        Assert.Single(at_once, taken => taken);
        Assert.False(await store.TakeStepAsync(ann, 11));
        Assert.False(await store.TakeStepAsync(ben, 13));
        Assert.True(await store.TakeStepAsync(ann, 13));
    }

    [Fact]
    public async Task A_recovery_code_is_good_once_and_for_its_owner()
    {
        await store.AddAsync(ann, "secret", 1, ["a", "b"]);
        await store.AddAsync(ben, "secret", 1, ["c"]);
        Assert.False(await store.TakeRecoveryAsync(ben, "a"));

        var at_once = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => store.TakeRecoveryAsync(ann, "a")));

        Assert.Single(at_once, taken => taken);
        Assert.Equal(1, (await store.FindAsync(ann))!.Left);
        Assert.True(await store.RenewAsync(ann, ["d", "e", "f"]));
        Assert.False(await store.TakeRecoveryAsync(ann, "b"));
        Assert.True(await store.TakeRecoveryAsync(ann, "d"));
        Assert.Equal(1, (await store.FindAsync(ben))!.Left);
    }

    [Fact]
    public async Task Of_two_who_turn_it_on_at_once_one_does_and_off_it_leaves_nothing()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => store.AddAsync(ann, $"secret {i}", 1, [$"{i}"])));

        Assert.Single(answers, a => a);
        Assert.Equal(1, (await store.FindAsync(ann))!.Left);
        Assert.True(await store.RemoveAsync(ann));
        Assert.False(await store.RemoveAsync(ann));
        Assert.Null(await store.FindAsync(ann));
        Assert.False(await store.RenewAsync(ann, ["x"]));
        Assert.Equal(0, await rows.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM recovery_codes")));
    }

    [Fact]
    public async Task A_passkey_is_found_for_its_owner_and_counts_up_only()
    {
        Assert.True(await passkeys.AddAsync(ann, Key([1, 2, 3], count: 4)));
        Assert.False(await passkeys.AddAsync(ben, Key([1, 2, 3], count: 4))); // somebody's already

        Assert.Equal(ann, await passkeys.FindOwnerAsync([1, 2, 3]));
        Assert.Null(await passkeys.FindAsync(ben, [1, 2, 3]));
        var stored = (await passkeys.FindAsync(ann, [1, 2, 3]))!;
        Assert.Equal(("Phone", 4u, true), (stored.Name, stored.SignCount, stored.IsUserVerified));
        Assert.Equal(["internal", "hybrid"], stored.Transports!);
        Assert.Equal([9, 0, 255], stored.PublicKey);
        Assert.Null((await passkeys.ListAsync(ann)).Single().UsedAt);

        Assert.False(await passkeys.UseAsync(ben, Key([1, 2, 3], count: 5), long.MaxValue));
        Assert.False(await passkeys.UseAsync(ann, Key([1, 2, 3], count: 4), long.MaxValue));
        var at_once = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => passkeys.UseAsync(ann, Key([1, 2, 3], count: 5), long.MaxValue)));
        Assert.Single(at_once, used => used);
        Assert.NotNull((await passkeys.ListAsync(ann)).Single().UsedAt);

        var id = (await passkeys.ListAsync(ann)).Single().Id;
        Assert.Null(await passkeys.RemoveAsync(ben, id));
        Assert.Equal("Phone", await passkeys.RemoveAsync(ann, id));
        Assert.Null(await passkeys.FindOwnerAsync([1, 2, 3]));
        Assert.False(await passkeys.UseAsync(ann, Key([1, 2, 3], count: 6), long.MaxValue));
    }

    [Fact]
    public async Task One_that_does_not_count_is_used_again_and_there_are_twenty_at_most()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, PasskeyStore.Most + 1).Select(i => passkeys.AddAsync(ann, Key([(byte)i], count: 0))));

        Assert.Equal(PasskeyStore.Most, added.Count(a => a));
        Assert.True(await passkeys.AddAsync(ben, Key([99], count: 0)));
        Assert.True(await passkeys.UseAsync(ben, Key([99], count: 0), long.MaxValue));
        Assert.True(await passkeys.UseAsync(ben, Key([99], count: 0), long.MaxValue));
    }

    private static UserPasskeyInfo Key(byte[] id, uint count) => new(id, [9, 0, 255], DateTimeOffset.UnixEpoch, count, ["internal", "hybrid"], true, false, false, [1], [2]) { Name = "Phone" };
}
