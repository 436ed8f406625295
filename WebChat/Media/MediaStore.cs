using System.Data.Common;
using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Media;

/// <summary>The rows of what messages carry. A row is written and deleted with its message; the file itself is elsewhere.</summary>
internal sealed class MediaStore(Database database, TimeProvider clock)
{
    private const int ListSize = 500;

    private const string Columns = "f.id, f.kind, f.name, f.type, f.bytes, f.small_type, f.small_bytes, f.width, f.height, f.seconds, f.hash";

    /// <summary>A file as the user may have it now: of a message that they may read, in an open room that they are in, or look into for a reason.</summary>
    /// <returns>Null for everything else, with the moment it was posted.</returns>
    public async Task<(MediaFile File, long At)?> FindAsync(long userId, string id)
    {
        var found = await database.ReadAsync(c => c.QueryAsync<MediaFile, long, (MediaFile, long)?>(
            $"""
            SELECT {Columns}, f.created_at
            FROM media f
            JOIN messages m ON m.room = f.room AND m.seq = f.seq AND m.recalled_at IS NULL
            JOIN rooms r ON r.number = f.room AND r.closed_at IS NULL
            WHERE f.id = @id AND (EXISTS (SELECT 1 FROM members me WHERE me.room = f.room AND me.user_id = @userId AND f.seq <= coalesce(me.until_seq, f.seq)) OR {Looking.Into("f.room")})
            """, (file, at) => (file, at), new { userId, id, since = Looking.Since(clock.Now()) }, splitOn: "created_at"));
        return found.SingleOrDefault();
    }

    /// <summary>How many bytes of files a member of an open room has in all open rooms together: those of a closed one nobody can have, nor recall.</summary>
    /// <returns>Null when they are not in the room.</returns>
    public Task<long?> UsedAsync(long userId, long room) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<long?>(
            """
            SELECT CAST((
                SELECT coalesce(sum(f.bytes + coalesce(f.small_bytes, 0)), 0)
                FROM media f JOIN rooms o ON o.number = f.room AND o.closed_at IS NULL WHERE f.owner_id = @userId) AS bigint)
            FROM members me JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
            WHERE me.room = @room AND me.user_id = @userId
            """, new { userId, room }));

    /// <summary>Writes the row of a file inside the write of the message that carries it.</summary>
    public static Task AddAsync(DbConnection connection, MediaFile file, long ownerId, long room, long seq, long now) =>
        connection.ExecuteAsync(
            """
            INSERT INTO media (id, owner_id, room, seq, kind, name, type, bytes, small_type, small_bytes, width, height, seconds, hash, created_at)
            VALUES (@Id, @ownerId, @room, @seq, @Kind, @Name, @Type, @Bytes, @SmallType, @SmallBytes, @Width, @Height, @Seconds, @Hash, @now)
            """,
            new { file.Id, ownerId, room, seq, file.Kind, file.Name, file.Type, file.Bytes, file.SmallType, file.SmallBytes, file.Width, file.Height, file.Seconds, file.Hash, now });

    /// <summary>Takes from a message what it carried, inside the write that recalls it: nobody is shown it from then on, and the file is swept.</summary>
    public static Task RemoveAsync(DbConnection connection, long room, long seq) =>
        connection.ExecuteAsync("DELETE FROM media WHERE room = @room AND seq = @seq", new { room, seq });

    /// <summary>The names under which the files of all such messages are stored, as this connection sees them.</summary>
    public static async Task<List<string>> StoredNamesAsync(DbConnection connection)
    {
        var names = new List<string>();
        await foreach (var (id, smallType) in connection.QueryUnbufferedAsync<(string Id, string? SmallType)>(
            """
            SELECT f.id, f.small_type FROM media f
            JOIN messages m ON m.room = f.room AND m.seq = f.seq AND m.recalled_at IS NULL
            JOIN rooms r ON r.number = f.room AND r.closed_at IS NULL
            """))
        {
            names.Add(Uploads.StoredName(id, isSmall: false));
            if (smallType is not null)
                names.Add(Uploads.StoredName(id, isSmall: true));
        }
        return names;
    }

    /// <summary>Which of these ids are of files that a message carries, in a room that is not closed: that is for ever.</summary>
    public async Task<HashSet<string>> KnownAsync(IEnumerable<string> ids)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in ids.Chunk(ListSize))
            known.UnionWith(await database.ReadAsync(c => c.QueryAsync<string>(
                $"""
                SELECT f.id FROM media f
                JOIN messages m ON m.room = f.room AND m.seq = f.seq AND m.recalled_at IS NULL
                JOIN rooms r ON r.number = f.room AND r.closed_at IS NULL
                WHERE {database.In("f.id", "@some")}
                """, new { some })));
        return known;
    }
}
