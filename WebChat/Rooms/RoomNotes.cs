using System.Data.Common;
using Dapper;
using WebChat.Storage;

namespace WebChat.Rooms;

/// <summary>What came of a change in a room, and the notes of it, if there are any.</summary>
internal sealed record Noted<T>(T Result)
{
    public Noted(T result, StoredMessage? note) : this(result) => Notes = note is null ? [] : [note];

    public IReadOnlyList<StoredMessage> Notes { get; init; } = [];
}

/// <summary>Changes in rooms that their members read of: the change and its notes are one write.</summary>
internal sealed class RoomNotes(Database database, RoomLog log)
{
    /// <summary>Runs a change. Its notes are published when all of it is durable.</summary>
    public async Task<T> WriteAsync<T>(Action<StoredMessage> committed, Func<DbConnection, Task<Noted<T>>> change)
    {
        var noted = await database.WriteAsync(change, written =>
        {
            foreach (var note in written.Notes)
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

    /// <summary>Writes those of several that are not null.</summary>
    public async Task<IReadOnlyList<StoredMessage>> AddAsync(DbConnection connection, long room, long userId, long now, params string?[] bodies)
    {
        var notes = new List<StoredMessage>();
        foreach (var body in bodies.OfType<string>())
        {
            if (await AddAsync(connection, room, userId, body, now) is { } note)
                notes.Add(note);
        }
        return notes;
    }
}
