using WebChat.Accounts.Announcements;
using WebChat.Admin.Announcements;
using WebChat.Admin.Audit;
using WebChat.Tests.Accounts;

namespace WebChat.Tests.Admin.Announcements;

public sealed class AdminAnnouncementStoreOnSqlite() : AdminAnnouncementStoreTests(Engine.Sqlite);

public sealed class AdminAnnouncementStoreOnPostgres() : AdminAnnouncementStoreTests(Engine.Postgres);

public abstract class AdminAnnouncementStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private readonly TestClock clock = new();
    private AdminAnnouncementStore store = null!;
    private AnnouncementStore said = null!;
    private long ann, ben;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        (store, said) = (new AdminAnnouncementStore(rows.Database, clock), new AnnouncementStore(rows.Database));
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        await rows.Database.ExecuteAsync("UPDATE users SET is_admin = 1 WHERE id = @ann", new { ann });
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task The_last_one_is_good_until_its_time_is_over_or_it_is_withdrawn()
    {
        Assert.Null(await said.LastAsync());
        await store.AddAsync(ann, "Tonight", TimeSpan.FromHours(1));
        var first = (await said.LastAsync())!;
        Assert.True(first.IsGood(Now));
        clock.Pass(TimeSpan.FromHours(1));
        Assert.False(first.IsGood(Now));

        await store.AddAsync(ann, "Tomorrow", null);
        var second = (await said.LastAsync())!;
        Assert.Equal("Tomorrow", second.Text);
        Assert.Equal(AnnouncementActed.Gone, await store.WithdrawAsync(ann, first.Id));
        Assert.True((await said.LastAsync())!.IsGood(Now));
        Assert.Equal(AnnouncementActed.Done, await store.WithdrawAsync(ann, second.Id));
        Assert.Equal(AnnouncementActed.Gone, await store.WithdrawAsync(ann, second.Id));
        Assert.False((await said.LastAsync())!.IsGood(Now));
    }

    [Fact]
    public async Task Putting_one_away_is_each_persons_own_and_never_of_one_that_is_not_there()
    {
        await store.AddAsync(ann, "one", null);
        var one = (await said.LastAsync())!.Id;

        Assert.False(await said.HearAsync(ben, one + 1));
        Assert.True(await said.HearAsync(ben, one));

        Assert.Equal((one, 0), (await said.HeardAsync(ben), await said.HeardAsync(ann)));
        await store.AddAsync(ann, "two", null);
        await said.HearAsync(ben, one);
        Assert.True(await said.HeardAsync(ben) < (await said.LastAsync())!.Id);
    }

    [Fact]
    public async Task A_member_says_and_withdraws_nothing_and_every_act_has_its_line()
    {
        Assert.Equal(AnnouncementActed.Forbidden, await store.AddAsync(ben, "theirs", null));
        await store.AddAsync(ann, "ours", null);
        Assert.Equal(AnnouncementActed.Forbidden, await store.WithdrawAsync(ben, (await said.LastAsync())!.Id));
        await store.WithdrawAsync(ann, (await said.LastAsync())!.Id);

        Assert.Equal("ours", (await said.LastAsync())!.Text);
        var lines = await new AuditStore(rows.Database, clock).ListAsync(new AuditFilter(), long.MaxValue, 10);
        Assert.Equal([(Act.Withdraw, ""), (Act.Announce, "ours")], lines.Select(l => (l.Act, l.Detail)));
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
