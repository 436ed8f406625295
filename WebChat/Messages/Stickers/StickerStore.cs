using Dapper;
using WebChat.Media;
using WebChat.Storage;

namespace WebChat.Messages.Stickers;

/// <summary>Packs of stickers: small pictures, kept in the database. Whoever looks after the house brings and removes them.</summary>
internal sealed class StickerStore(Database database)
{
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
