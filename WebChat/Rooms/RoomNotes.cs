using System.Data.Common;
using Dapper;
using WebChat.Storage;

namespace WebChat.Rooms;

/// <summary>What came of a change in a room, and the note of it; null where there is none.</summary>
internal sealed record Noted<T>(T Result, StoredMessage? Note = null);

/// <summary>Changes in rooms that their members read of: the change and its note are one write.</summary>
internal sealed class RoomNotes(Database database, RoomLog log)
{
    /// <summary>Runs a change. Its note is published when both are durable.</summary>
    public async Task<T> WriteAsync<T>(Action<StoredMessage> committed, Func<DbConnection, Task<Noted<T>>> change)
    {
        var noted = await database.WriteAsync(change, written =>
        {
            if (written.Note is { } note)
                committed(note);
        });
        return noted.Result;
    }

    /// <summary>Writes a note, inside the caller's write; its author, who knows, has read it.</summary>
    public async Task<StoredMessage?> AddAsync(DbConnection connection, long room, long userId, string body, long now)
    {
        var note = await log.NoteAsync(connection, room, userId, body, now);
        if (note is not null)
            await connection.ExecuteAsync("UPDATE members SET read_seq = @Seq WHERE room = @room AND user_id = @userId AND read_seq = @Seq - 1", new { note.Seq, room, userId });
        return note;
    }
}
