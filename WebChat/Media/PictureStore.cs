using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Media;

/// <summary>A stored picture.</summary>
internal sealed record Picture
{
    public required string Type { get; init; }
    public required byte[] Bytes { get; init; }
}

/// <summary>The pictures' rows: avatars and group icons, small enough for the database.</summary>
internal sealed class PictureStore(Database database, TimeProvider clock)
{
    public Task<Picture?> FindAsync(string id) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<Picture>("SELECT type, bytes FROM pictures WHERE id = @id", new { id }));

    public Task AddAsync(string id, long ownerId, Picture picture) =>
        database.WriteAsync(c => c.ExecuteAsync(
            "INSERT INTO pictures (id, owner_id, type, bytes, created_at) VALUES (@id, @ownerId, @Type, @Bytes, @now)",
            new { id, ownerId, picture.Type, picture.Bytes, now = clock.Now() }));

    /// <summary>Removes a picture that nothing shows any more.</summary>
    public Task RemoveAsync(string id, long ownerId) =>
        database.WriteAsync(c => c.ExecuteAsync("DELETE FROM pictures WHERE id = @id AND owner_id = @ownerId", new { id, ownerId }));
}
