using System.Data.Common;
using Dapper;
using WebChat.Storage;

namespace WebChat.Media;

/// <summary>A stored picture.</summary>
internal sealed record Picture
{
    public required string Type { get; init; }
    public required byte[] Bytes { get; init; }
}

/// <summary>The pictures' rows: avatars and group icons, small enough for the database.</summary>
internal sealed class PictureStore(Database database)
{
    public Task<Picture?> FindAsync(string id) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<Picture>("SELECT type, bytes FROM pictures WHERE id = @id", new { id }));

    /// <summary>Stores a picture inside the write of what shows it, so that none is left over when that is refused.</summary>
    public static Task AddAsync(DbConnection connection, long ownerId, NewPicture picture, long now) =>
        connection.ExecuteAsync(
            "INSERT INTO pictures (id, owner_id, type, bytes, created_at) VALUES (@Id, @ownerId, @Type, @Bytes, @now)",
            new { picture.Id, ownerId, picture.Picture.Type, picture.Picture.Bytes, now });

    /// <summary>The pictures that nobody, no open group and not the chat itself has: replaced ones.</summary>
    public async Task<IReadOnlyList<string>> UnusedAsync() =>
        (await database.ReadAsync(c => c.QueryAsync<string>(
            """
            SELECT id FROM pictures WHERE id NOT IN (
                SELECT picture FROM users WHERE picture IS NOT NULL
                UNION ALL SELECT picture FROM rooms WHERE picture IS NOT NULL AND closed_at IS NULL
                UNION ALL SELECT value FROM settings WHERE name = 'logo')
            """))).AsList();

    public Task RemoveAsync(IEnumerable<string> ids) =>
        database.WriteAsync(c => c.ExecuteAsync("DELETE FROM pictures WHERE id = @id", ids.Select(id => new { id })));
}
