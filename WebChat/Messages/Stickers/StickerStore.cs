using Dapper;
using WebChat.Media;
using WebChat.Storage;

namespace WebChat.Messages.Stickers;

/// <summary>Packs of stickers: small pictures, kept in the database. Administrators bring and remove them.</summary>
internal sealed class StickerStore(Database database)
{
    private const string IsAdmin = "EXISTS (SELECT 1 FROM users WHERE id = @userId AND is_admin = 1)";

    /// <summary>The packs that are offered, the oldest first, each with its stickers in their order.</summary>
    public async Task<IReadOnlyList<StickerPack>> PacksAsync()
    {
        var rows = await database.ReadAsync(async c => (await c.QueryAsync<Row>(
            """
            SELECT p.id AS pack_id, p.name, s.id, s.word, s.width, s.height
            FROM sticker_packs p JOIN stickers s ON s.pack_id = p.id
            WHERE p.removed_at IS NULL ORDER BY p.created_at, p.id, s.place
            """)).AsList());
        return [.. rows.GroupBy(r => (r.PackId, r.Name)).Select(pack => new StickerPack(pack.Key.PackId, pack.Key.Name, [.. pack.Select(r => new Sticker(r.Id, r.Word, r.Width, r.Height))]))];
    }

    /// <summary>One that is offered, or null.</summary>
    public Task<Sticker?> FindAsync(string id) =>
        database.ReadAsync(async c => await c.QuerySingleOrDefaultAsync<Row>(
            "SELECT p.id AS pack_id, p.name, s.id, s.word, s.width, s.height FROM stickers s JOIN sticker_packs p ON p.id = s.pack_id AND p.removed_at IS NULL WHERE s.id = @id",
            new { id }) is { } row ? new Sticker(row.Id, row.Word, row.Width, row.Height) : null);

    /// <summary>Its picture, also when its pack is offered no more.</summary>
    public Task<Picture?> PictureAsync(string id) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<Picture>("SELECT type, bytes FROM stickers WHERE id = @id", new { id }));

    /// <summary>Offers a pack.</summary>
    /// <returns>False when the user is no administrator.</returns>
    public Task<bool> AddAsync(long userId, string id, string name, IReadOnlyList<NewSticker> stickers, long now) =>
        database.WriteAsync(async c =>
        {
            if (await c.ExecuteAsync($"INSERT INTO sticker_packs (id, name, added_by, created_at) SELECT @id, @name, @userId, @now WHERE {IsAdmin}", new { id, name, userId, now }) == 0)
                return false;
            await c.ExecuteAsync(
                "INSERT INTO stickers (id, pack_id, place, word, type, width, height, bytes) VALUES (@Id, @pack, @place, @Word, @Type, @Width, @Height, @Bytes)",
                stickers.Select((s, place) => new { s.Id, pack = id, place, s.Word, s.Picture.Type, s.Width, s.Height, s.Picture.Bytes }));
            return true;
        });

    /// <summary>Offers a pack no more.</summary>
    /// <returns>False when there is none, or the user is no administrator.</returns>
    public Task<bool> RemoveAsync(long userId, string id, long now) =>
        database.WriteAsync(async c => await c.ExecuteAsync(
            $"UPDATE sticker_packs SET removed_at = @now WHERE id = @id AND removed_at IS NULL AND {IsAdmin}", new { id, userId, now }) > 0);

    private sealed record Row
    {
        public required string PackId { get; init; }
        public required string Name { get; init; }
        public required string Id { get; init; }
        public required string Word { get; init; }
        public required int Width { get; init; }
        public required int Height { get; init; }
    }
}

/// <summary>A pack as it is offered.</summary>
internal sealed record StickerPack(string Id, string Name, IReadOnlyList<Sticker> Stickers);

/// <summary>A sticker fit to be stored.</summary>
internal sealed record NewSticker(string Id, string Word, int Width, int Height, Picture Picture);
