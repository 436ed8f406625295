using System.Data.Common;
using Dapper;

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

/// <summary>
/// The one place where messages are written: takes the next <c>seq</c> and <c>rev</c> from the room's row in the caller's
/// transaction, so that their order is the commit order.
/// </summary>
internal static class RoomLog
{
    /// <summary>A message by the same author within this time follows the one before without face and name.</summary>
    public static readonly TimeSpan FollowsWithin = TimeSpan.FromMinutes(5);

    /// <summary>Appends a message. Call it inside <c>Database.WriteAsync</c>; publish what it returns after the commit.</summary>
    /// <returns>The message, or null when there is no such open room.</returns>
    public static async Task<StoredMessage?> AppendAsync(DbConnection connection, long room, long authorId, MessageKind kind, string body, string? clientId, long now)
    {
        var head = await connection.QuerySingleOrDefaultAsync<Head>(
            """
            SELECT r.seq, r.rev, r.last_by, r.last_at, u.account, u.nickname, u.picture
            FROM rooms r JOIN users u ON u.id = @authorId
            WHERE r.number = @room AND r.closed_at IS NULL
            """, new { room, authorId });
        if (head is null)
            return null;
        var message = new StoredMessage
        {
            Room = room,
            Seq = head.Seq + 1,
            Rev = head.Rev + 1,
            AuthorId = authorId,
            Account = head.Account,
            Nickname = head.Nickname,
            Picture = head.Picture,
            Kind = kind,
            Body = body,
            ClientId = clientId,
            Follows = kind != MessageKind.Note && head.LastBy == authorId &&
                now - head.LastAt < FollowsWithin.TotalMilliseconds && now / Day == head.LastAt / Day,
            CreatedAt = now,
        };
        await connection.ExecuteAsync(
            """
            UPDATE rooms SET seq = @Seq, rev = @Rev, last_by = @lastBy, last_at = @CreatedAt WHERE number = @Room;
            INSERT INTO messages (room, seq, rev, author_id, kind, body, client_id, follows, created_at)
            VALUES (@Room, @Seq, @Rev, @AuthorId, @Kind, @Body, @ClientId, @Follows, @CreatedAt);
            """, new { message.Room, message.Seq, message.Rev, message.AuthorId, message.Kind, message.Body, message.Follows, message.CreatedAt, message.ClientId, lastBy = kind == MessageKind.Note ? (long?)null : authorId });
        return message;
    }

    private const long Day = 86_400_000;

    private sealed record Head
    {
        public long Seq { get; init; }
        public long Rev { get; init; }
        public long? LastBy { get; init; }
        public long LastAt { get; init; }
        public required string Account { get; init; }
        public required string Nickname { get; init; }
        public string? Picture { get; init; }
    }
}
