using Dapper;
using WebChat.Admin.Audit;
using WebChat.Admin.Stickers;
using WebChat.Media;
using WebChat.Messages.Stickers;
using WebChat.Tests.Accounts;

namespace WebChat.Tests.Admin.Stickers;

public sealed class PackStoreOnSqlite() : PackStoreTests(Engine.Sqlite);

public sealed class PackStoreOnPostgres() : PackStoreTests(Engine.Postgres);

public abstract class PackStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private StickerStore stickers = null!;
    private PackStore packs = null!;
    private AuditStore audit = null!;
    private readonly TestClock clock = new();
    private long admin, ann;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        stickers = new StickerStore(rows.Database);
        packs = new PackStore(rows.Database, clock);
        audit = new AuditStore(rows.Database, clock);
        admin = await rows.UserAsync("admin");
        ann = await rows.UserAsync("ann");
        await rows.Database.WriteAsync(c => c.ExecuteAsync("UPDATE users SET is_admin = 1 WHERE id = @admin", new { admin }));
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task A_pack_is_offered_in_its_order_and_its_pictures_are_as_they_were_given()
    {
        Assert.True(await packs.AddAsync(admin, "tea", "Tea 茶", [New("b", "a cup"), New("a", "a pot")]));
        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.True(await packs.AddAsync(admin, "sea", "Sea", [New("c", "a gull")]));

        var offered = await stickers.PacksAsync();

        Assert.Equal(["Tea 茶", "Sea"], offered.Select(p => p.Name));
        Assert.Equal([new Sticker("b", "a cup", 3, 2), new Sticker("a", "a pot", 3, 2)], offered[0].Stickers);
        Assert.Equal(new Sticker("c", "a gull", 3, 2), await stickers.FindAsync("c"));
        Assert.Equal(("image/png", "c"), await stickers.PictureAsync("c") is { } picture ? (picture.Type, System.Text.Encoding.ASCII.GetString(picture.Bytes)) : default);
        Assert.Null(await stickers.FindAsync("unknown"));
        Assert.Null(await stickers.PictureAsync("unknown"));
    }

    [Fact]
    public async Task A_removed_pack_is_offered_no_more_and_its_pictures_stay()
    {
        await packs.AddAsync(admin, "tea", "Tea", [New("a", "a pot")]);

        Assert.True(await packs.RemoveAsync(admin, "tea"));

        Assert.Empty(await stickers.PacksAsync());
        Assert.Null(await stickers.FindAsync("a"));
        Assert.NotNull(await stickers.PictureAsync("a"));
        Assert.False(await packs.RemoveAsync(admin, "tea"));
    }

    [Fact]
    public async Task Who_is_no_administrator_adds_and_removes_nothing()
    {
        await packs.AddAsync(admin, "tea", "Tea", [New("a", "a pot")]);

        Assert.False(await packs.AddAsync(ann, "mine", "Mine", [New("b", "me")]));
        Assert.False(await packs.RemoveAsync(ann, "tea"));

        Assert.Equal(["Tea"], (await stickers.PacksAsync()).Select(p => p.Name));
        Assert.Null(await stickers.PictureAsync("b"));
        Assert.Single(await LogAsync());
    }

    [Fact]
    public async Task What_is_brought_and_taken_away_stands_in_the_audit_log_or_is_not_done()
    {
        await packs.AddAsync(admin, "tea", "Tea", [New("a", "a pot")]);
        await packs.RemoveAsync(admin, "tea");
        Assert.Equal([(Act.RemovePack, "Tea"), (Act.AddPack, "Tea")], (await LogAsync()).Select(l => (l.Act, l.Detail)));

        await rows.Database.ExecuteAsync("ALTER TABLE audit RENAME TO elsewhere", new { });
        await Assert.ThrowsAnyAsync<Exception>(() => packs.AddAsync(admin, "sea", "Sea", [New("b", "a gull")]));
        Assert.Empty(await stickers.PacksAsync());
    }

    private Task<List<AuditLine>> LogAsync() => audit.ListAsync(new AuditFilter(), long.MaxValue, 10);

    private static NewSticker New(string id, string word) => new(id, word, 3, 2, new Picture { Type = "image/png", Bytes = System.Text.Encoding.ASCII.GetBytes(id) });
}
