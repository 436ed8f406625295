using Dapper;
using WebChat.Admin.Audit;
using WebChat.Admin.Users;
using WebChat.Media;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Admin.Stickers;

/// <summary>A sticker fit to be stored.</summary>
internal sealed record NewSticker(string Id, string Word, int Width, int Height, Picture Picture);

/// <summary>Brings packs of stickers and takes them away.</summary>
internal sealed class PackStore(Database database, TimeProvider clock)
{
    /// <summary>Offers a pack.</summary>
    /// <returns>False when who acts is no administrator.</returns>
    public Task<bool> AddAsync(long actorId, string id, string name, IReadOnlyList<NewSticker> stickers) =>
        database.WriteAsync(async c =>
        {
            var now = clock.Now();
            if (await c.ExecuteAsync(
                $"INSERT INTO sticker_packs (id, name, added_by, created_at) SELECT @id, @name, @actorId, @now WHERE {AdminUserStore.IsAdmin}", new { id, name, actorId, now }) == 0)
                return false;
            await c.ExecuteAsync(
                "INSERT INTO stickers (id, pack_id, place, word, type, width, height, bytes) VALUES (@Id, @pack, @place, @Word, @Type, @Width, @Height, @Bytes)",
                stickers.Select((s, place) => new { s.Id, pack = id, place, s.Word, s.Picture.Type, s.Width, s.Height, s.Picture.Bytes }));
            await AuditStore.AddAsync(c, new AuditEntry { ActorId = actorId, Act = Act.AddPack, Detail = name }, now);
            return true;
        });

    /// <summary>Offers a pack no more.</summary>
    /// <returns>False when there is none, or who acts is no administrator.</returns>
    public Task<bool> RemoveAsync(long actorId, string id) =>
        database.WriteAsync(async c =>
        {
            var now = clock.Now();
            var name = await c.QuerySingleOrDefaultAsync<string>(
                $"UPDATE sticker_packs SET removed_at = @now WHERE id = @id AND removed_at IS NULL AND {AdminUserStore.IsAdmin} RETURNING name", new { id, actorId, now });
            if (name is null)
                return false;
            await AuditStore.AddAsync(c, new AuditEntry { ActorId = actorId, Act = Act.RemovePack, Detail = name }, now);
            return true;
        });
}
