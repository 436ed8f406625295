using System.Data.Common;
using Dapper;
using WebChat.Storage;

namespace WebChat.Rooms;

/// <summary>What a message is. Stored as its number.</summary>
internal enum MessageKind
{
    Text = 0,
    /// <summary>Something that happened in the room: the body is a <see cref="RoomNote"/>'s name, maybe with a word after a space.</summary>
    Note = 1,
}

/// <summary>What happened, as a note's body begins.</summary>
internal static class RoomNote
{
    public const string Created = "created";
    public const string Joined = "joined";
    public const string Left = "left";
    public const string Removed = "removed";
    public const string Renamed = "renamed";
    public const string Friends = "friends";
}

/// <summary>A message as it was committed, with what its author is called.</summary>
internal sealed record StoredMessage
{
    public required long Room { get; init; }
    public required long Seq { get; init; }
    public required long Rev { get; init; }
    public required long AuthorId { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    public string? Picture { get; init; }
    public required MessageKind Kind { get; init; }
    public required string Body { get; init; }
    /// <summary>What the author's page called it before it had a place; null for a note.</summary>
    public string? ClientId { get; init; }
    public bool Follows { get; init; }
    public required long CreatedAt { get; init; }
}

/// <summary>Who writes a message, as it will be shown.</summary>
internal sealed record Author
{
    public required long Id { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    public string? Picture { get; init; }
}

/// <summary>Where a room's log ends, locked until the transaction does.</summary>
internal sealed record RoomHead
{
    /// <summary>A message by the same author within this time follows the one before without face and name.</summary>
    private const long FollowsWithin = 5 * 60_000;

    private const long Day = 86_400_000;

    public required long Number { get; init; }
    public required long Seq { get; set; }
    public required long Rev { get; set; }
    public long? LastBy { get; set; }
    public required long LastAt { get; set; }

    /// <summary>The next message of the room: takes the next <c>seq</c> and <c>rev</c>.</summary>
    public StoredMessage Next(Author author, MessageKind kind, string body, string? clientId, long now)
    {
        var message = new StoredMessage
        {
            Room = Number,
            Seq = ++Seq,
            Rev = ++Rev,
            AuthorId = author.Id,
            Account = author.Account,
            Nickname = author.Nickname,
            Picture = author.Picture,
            Kind = kind,
            Body = body,
            ClientId = clientId,
            Follows = kind != MessageKind.Note && LastBy == author.Id && now - LastAt < FollowsWithin && now / Day == LastAt / Day,
            CreatedAt = now,
        };
        LastBy = kind == MessageKind.Note ? null : author.Id;
        LastAt = now;
        return message;
    }
}

/// <summary>
/// The one place where messages are written: their <c>seq</c> and <c>rev</c> come from the room's row, locked in the caller's
/// transaction, so that their order is the commit order.
/// </summary>
internal sealed class RoomLog(Database database)
{
    /// <summary>Locks the ends of these rooms' logs, in order of their numbers. Rooms that are closed or never were are left out.</summary>
    public async Task<Dictionary<long, RoomHead>> LockAsync(DbConnection connection, IEnumerable<long> rooms) =>
        (await connection.QueryAsync<RoomHead>(
            $"SELECT number, seq, rev, last_by, last_at FROM rooms WHERE {database.In("number", "@rooms")} AND closed_at IS NULL ORDER BY number {database.ForUpdate("rooms")}",
            new { rooms = rooms.Distinct().ToArray() })).ToDictionary(h => h.Number);

    /// <summary>Writes messages that these heads gave. Publish them after the commit.</summary>
    public Task AppendAsync(DbConnection connection, IEnumerable<RoomHead> heads, IReadOnlyCollection<StoredMessage> messages) =>
        messages.Count == 0 ? Task.CompletedTask : connection.ExecuteAsync(
            $"""
            UPDATE rooms SET seq = t.seq, rev = t.rev, last_by = t.last_by, last_at = t.last_at
            FROM {database.Table("@heads", ("number", "bigint"), ("seq", "bigint"), ("rev", "bigint"), ("last_by", "bigint"), ("last_at", "bigint"))}
            WHERE rooms.number = t.number;
            INSERT INTO messages (room, seq, rev, author_id, kind, body, client_id, follows, created_at)
            SELECT room, seq, rev, author_id, kind, body, client_id, follows, created_at
            FROM {database.Table("@messages", ("room", "bigint"), ("seq", "bigint"), ("rev", "bigint"), ("author_id", "bigint"), ("kind", "int"), ("body", "text"), ("client_id", "text"), ("follows", "int"), ("created_at", "bigint"))};
            """,
            new
            {
                heads = Database.Pack(heads.Select(h => new { number = h.Number, seq = h.Seq, rev = h.Rev, last_by = h.LastBy, last_at = h.LastAt })),
                messages = Database.Pack(messages.Select(m => new
                {
                    room = m.Room, seq = m.Seq, rev = m.Rev, author_id = m.AuthorId, kind = (int)m.Kind, body = m.Body, client_id = m.ClientId, follows = m.Follows ? 1 : 0, created_at = m.CreatedAt,
                })),
            });

    /// <summary>Writes a note of what somebody did in a room, inside the caller's write.</summary>
    /// <returns>The note, or null when there is no such open room.</returns>
    public async Task<StoredMessage?> NoteAsync(DbConnection connection, long room, long authorId, string body, long now)
    {
        if ((await LockAsync(connection, [room])).GetValueOrDefault(room) is not { } head)
            return null;
        var author = await connection.QuerySingleAsync<Author>("SELECT id, account, nickname, picture FROM users WHERE id = @authorId", new { authorId });
        var note = head.Next(author, MessageKind.Note, body, null, now);
        await AppendAsync(connection, [head], [note]);
        return note;
    }
}
