using Dapper;
using WebChat.Accounts;
using WebChat.Accounts.Invites;
using WebChat.Admin.Audit;
using WebChat.Admin.Invites;
using WebChat.Tests.Accounts;

namespace WebChat.Tests.Admin.Invites;

public sealed class AdminInviteStoreOnSqlite() : AdminInviteStoreTests(Engine.Sqlite);

public sealed class AdminInviteStoreOnPostgres() : AdminInviteStoreTests(Engine.Postgres);

public abstract class AdminInviteStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private readonly TestClock clock = new();
    private AdminInviteStore store = null!;
    private SiteInviteStore links = null!;
    private long ann, ben;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        (store, links) = (new AdminInviteStore(rows.Database, clock), new SiteInviteStore(rows.Database, clock));
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        await rows.Database.ExecuteAsync("UPDATE users SET is_admin = 1 WHERE id = @ann", new { ann });
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task Of_many_who_come_at_once_as_many_come_in_as_the_link_is_for()
    {
        await store.AddAsync(ann, "link", "cousins", uses: 3, lasts: null);
        var users = new UserStore(rows.Database, new NewUsers(), new Microsoft.AspNetCore.Identity.IdentityErrorDescriber(), clock);

        var all = await Task.WhenAll(Enumerable.Range(0, 24).Select(i =>
            users.CreateAsync(new User { Account = $"c{i}", AccountKey = $"C{i}", Email = $"c{i}", EmailKey = $"C{i}", Nickname = "c", Invite = "link" }, CancellationToken.None)));

        Assert.Equal(3, all.Count(r => r.Succeeded));
        Assert.All(all.Where(r => !r.Succeeded), r => Assert.Equal(UserStore.InviteGone, r.Errors.Single().Code));
        Assert.Equal(5, await rows.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM users")));
        Assert.False(await links.IsGoodAsync("link"));
        Assert.Empty(await store.ListAsync());
    }

    [Fact]
    public async Task A_link_ends_with_its_time_when_it_is_revoked_and_with_its_makers_rights()
    {
        foreach (var id in new[] { "short", "long", "other" })
            await store.AddAsync(ann, id, id, uses: null, lasts: id == "short" ? TimeSpan.FromDays(1) : null);
        Assert.Equal(["long", "other", "short"], (await store.ListAsync()).Select(i => i.Remark).Order(StringComparer.Ordinal));

        clock.Pass(TimeSpan.FromDays(1));
        Assert.False(await links.IsGoodAsync("short"));
        Assert.Equal(InviteActed.Done, await store.RevokeAsync(ann, "other"));
        Assert.Equal(InviteActed.Gone, await store.RevokeAsync(ann, "other"));
        Assert.False(await links.IsGoodAsync("other"));
        Assert.True(await links.IsGoodAsync("long"));

        await rows.Database.ExecuteAsync("UPDATE users SET is_admin = 0 WHERE id = @ann", new { ann });
        Assert.False(await links.IsGoodAsync("long"));
        Assert.False(await rows.Database.WriteAsync(c => SiteInviteStore.UseAsync(c, "long", 1)));
    }

    [Fact]
    public async Task A_member_makes_and_revokes_none_and_every_act_has_its_line()
    {
        Assert.Equal(InviteActed.Forbidden, await store.AddAsync(ben, "theirs", "", null, null));
        await store.AddAsync(ann, "link", "cousins", 1, null);
        Assert.Equal(InviteActed.Forbidden, await store.RevokeAsync(ben, "link"));
        await store.RevokeAsync(ann, "link");

        var lines = await new AuditStore(rows.Database, clock).ListAsync(new AuditFilter(), long.MaxValue, 10);
        Assert.Equal([(Act.RevokeInvite, "cousins"), (Act.Invite, "cousins")], lines.Select(l => (l.Act, l.Detail)));
    }
}
