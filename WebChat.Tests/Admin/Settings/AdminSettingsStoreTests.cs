using Dapper;
using WebChat.Accounts;
using WebChat.Admin.Audit;
using WebChat.Admin.Settings;
using WebChat.Media;
using WebChat.Shared;
using WebChat.Tests.Accounts;

namespace WebChat.Tests.Admin.Settings;

public sealed class AdminSettingsStoreOnSqlite() : AdminSettingsStoreTests(Engine.Sqlite);

public sealed class AdminSettingsStoreOnPostgres() : AdminSettingsStoreTests(Engine.Postgres);

public abstract class AdminSettingsStoreTests(Engine engine) : IAsyncLifetime
{
    private static readonly Setting Second = Setting.Limits.Single(s => s.Name == "PostsPerSecond");
    private static readonly Setting Minute = Setting.Limits.Single(s => s.Name == "PostsPerMinute");

    private readonly Rows rows = new(engine);
    private readonly TestClock clock = new();
    private AdminSettingsStore store = null!;
    private AuditStore audit = null!;
    private long ann, ben;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        store = new AdminSettingsStore(rows.Database, clock);
        audit = new AuditStore(rows.Database, clock);
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        await rows.Database.ExecuteAsync("UPDATE users SET is_admin = 1 WHERE id = @ann", new { ann });
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task A_change_is_stored_with_its_line_of_what_was_and_what_is()
    {
        var saved = await store.SaveAsync(ann, [Change(Second, "10", "3"), Change(Minute, "120", "120")]);

        Assert.True(saved.IsDone);
        Assert.Equal("3", (await ReadAsync())[Second.Key]);
        Assert.DoesNotContain(Minute.Key, await ReadAsync());
        var line = Assert.Single(await audit.ListAsync(new AuditFilter(), long.MaxValue, 10));
        Assert.Equal((Act.Set, "ann", "Limits:PostsPerSecond 10 → 3"), (line.Act, line.Actor, line.Detail));
    }

    [Fact]
    public async Task Two_who_save_other_fields_at_once_undo_nothing_of_each_other()
    {
        var both = await Task.WhenAll(store.SaveAsync(ann, [Change(Second, "10", "3")]), store.SaveAsync(ann, [Change(Minute, "120", "60")]));

        Assert.All(both, saved => Assert.True(saved.IsDone));
        Assert.Equal(("3", "60"), ((await ReadAsync())[Second.Key], (await ReadAsync())[Minute.Key]));
    }

    [Fact]
    public async Task Of_two_who_save_the_same_field_at_once_the_second_is_told_and_nothing_of_theirs_is_stored()
    {
        var both = await Task.WhenAll(store.SaveAsync(ann, [Change(Second, "10", "3"), Change(Minute, "120", "60")]), store.SaveAsync(ann, [Change(Second, "10", "4"), Change(Minute, "120", "50")]));

        Assert.Single(both, saved => saved.IsDone);
        var stored = await ReadAsync();
        Assert.Contains((stored[Second.Key], stored[Minute.Key]), new[] { ("3", "60"), ("4", "50") });
        Assert.Equal(stored[Second.Key], both.Single(saved => !saved.IsDone).Changed[Second.Key]);
        Assert.Equal(2, (await audit.ListAsync(new AuditFilter(), long.MaxValue, 10)).Count);
    }

    [Fact]
    public async Task Two_who_want_the_same_both_have_it_and_it_is_in_the_log_once()
    {
        var both = await Task.WhenAll(store.SaveAsync(ann, [Change(Second, "10", "3")]), store.SaveAsync(ann, [Change(Second, "10", "3")]));

        Assert.All(both, saved => Assert.True(saved.IsDone));
        Assert.Single(await audit.ListAsync(new AuditFilter(), long.MaxValue, 10));
    }

    [Fact]
    public async Task Who_is_no_administrator_changes_nothing()
    {
        Assert.False((await store.SaveAsync(ben, [Change(Second, "10", "3")])).IsAllowed);
        Assert.DoesNotContain(Second.Key, await ReadAsync());
        Assert.Empty(await audit.ListAsync(new AuditFilter(), long.MaxValue, 10));
    }

    [Fact]
    public async Task A_change_that_cannot_be_written_to_the_log_is_not_made()
    {
        await rows.Database.ExecuteAsync("ALTER TABLE audit RENAME TO elsewhere", new { });
        await Assert.ThrowsAnyAsync<Exception>(() => store.SaveAsync(ann, [Change(Second, "10", "3")]));
        Assert.DoesNotContain(Second.Key, await ReadAsync());
    }

    [Fact]
    public async Task The_mark_is_seen_by_its_own_id_alone_and_is_no_replaced_picture()
    {
        var (sites, pictures) = (new SiteStore(rows.Database), new PictureStore(rows.Database));
        await store.SaveAsync(ann, [new SettingChange(SiteStore.LogoKey, "", "one")], new NewPicture("one", new Picture { Type = "image/png", Bytes = [1] }));
        Assert.Equal([1], (await sites.FindLogoAsync("one"))!.Bytes);

        await store.SaveAsync(ann, [new SettingChange(SiteStore.LogoKey, "one", "two")], new NewPicture("two", new Picture { Type = "image/png", Bytes = [2] }));

        Assert.Null(await sites.FindLogoAsync("one"));
        Assert.Equal(["one"], await pictures.UnusedAsync());
        Assert.Equal("two", (await sites.FindAsync()).Logo);
    }

    private static SettingChange Change(Setting setting, string was, string value) => new(setting.Key, was, value, setting.Default);

    private Task<Dictionary<string, string>> ReadAsync() => new SettingsStore(rows.Database).ReadAsync();
}
