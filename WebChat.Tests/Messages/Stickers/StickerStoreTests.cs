using Dapper;
using WebChat.Media;
using WebChat.Messages.Stickers;

namespace WebChat.Tests.Messages.Stickers;

public sealed class StickerStoreOnSqlite() : StickerStoreTests(Engine.Sqlite);

public sealed class StickerStoreOnPostgres() : StickerStoreTests(Engine.Postgres);

public abstract class StickerStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private StickerStore stickers = null!;
    private long admin, ann;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        stickers = new StickerStore(rows.Database);
        admin = await rows.UserAsync("admin");
        ann = await rows.UserAsync("ann");
        await rows.Database.WriteAsync(c => c.ExecuteAsync("UPDATE users SET is_admin = 1 WHERE id = @admin", new { admin }));
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task A_pack_is_offered_in_its_order_and_its_pictures_are_as_they_were_given()
    {
        Assert.True(await stickers.AddAsync(admin, "tea", "Tea 茶", [New("b", "a cup"), New("a", "a pot")], 1));
        Assert.True(await stickers.AddAsync(admin, "sea", "Sea", [New("c", "a gull")], 2));

        var packs = await stickers.PacksAsync();

        Assert.Equal(["Tea 茶", "Sea"], packs.Select(p => p.Name));
        Assert.Equal([new Sticker("b", "a cup", 3, 2), new Sticker("a", "a pot", 3, 2)], packs[0].Stickers);
        Assert.Equal(new Sticker("c", "a gull", 3, 2), await stickers.FindAsync("c"));
        Assert.Equal(("image/png", "c"), await stickers.PictureAsync("c") is { } picture ? (picture.Type, System.Text.Encoding.ASCII.GetString(picture.Bytes)) : default);
        Assert.Null(await stickers.FindAsync("unknown"));
        Assert.Null(await stickers.PictureAsync("unknown"));
    }

    [Fact]
    public async Task A_removed_pack_is_offered_no_more_and_its_pictures_stay()
    {
        await stickers.AddAsync(admin, "tea", "Tea", [New("a", "a pot")], 1);

        Assert.True(await stickers.RemoveAsync(admin, "tea", 2));

        Assert.Empty(await stickers.PacksAsync());
        Assert.Null(await stickers.FindAsync("a"));
        Assert.NotNull(await stickers.PictureAsync("a"));
        Assert.False(await stickers.RemoveAsync(admin, "tea", 3));
    }

    [Fact]
    public async Task Who_is_no_administrator_adds_and_removes_nothing()
    {
        await stickers.AddAsync(admin, "tea", "Tea", [New("a", "a pot")], 1);

        Assert.False(await stickers.AddAsync(ann, "mine", "Mine", [New("b", "me")], 1));
        Assert.False(await stickers.RemoveAsync(ann, "tea", 2));

        Assert.Equal(["Tea"], (await stickers.PacksAsync()).Select(p => p.Name));
        Assert.Null(await stickers.PictureAsync("b"));
    }

    private static NewSticker New(string id, string word) => new(id, word, 3, 2, new Picture { Type = "image/png", Bytes = System.Text.Encoding.ASCII.GetBytes(id) });
}
