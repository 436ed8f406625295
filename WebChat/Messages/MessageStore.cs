using System.Data.Common;
using Dapper;
using WebChat.Rooms;
using WebChat.Storage;

namespace WebChat.Messages;

/// <summary>Reads and writes a room's messages. Every query asks for the acting user's membership itself.</summary>
internal sealed class MessageStore(Database database)
{
    /// <summary>Messages on a page of history.</summary>
    public const int PageSize = 50;

    private const string Columns =
        "m.room, m.seq, m.rev, m.author_id, u.account, u.nickname, u.picture, m.kind, m.body, m.client_id, m.follows, m.created_at";

    /// <summary>What the user may read of the room: all, or up to where they blocked the other side of a direct room.</summary>
    private const string Readable =
        """
        FROM messages m
        JOIN members me ON me.room = m.room AND me.user_id = @userId AND m.seq <= coalesce(me.until_seq, m.seq)
        JOIN rooms r ON r.number = m.room AND r.closed_at IS NULL
        JOIN users u ON u.id = m.author_id
        WHERE m.room = @room
        """;

    /// <summary>The newest messages before a place, or of all; ascending by <c>seq</c>.</summary>
    public async Task<IReadOnlyList<StoredMessage>> BeforeAsync(long userId, long room, long before, int most)
    {
        var page = await database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {Columns} {Readable} AND m.seq < @before ORDER BY m.seq DESC LIMIT @most",
            new { userId, room, before, most })).AsList());
        page.Reverse();
        return page;
    }

    /// <summary>The oldest messages after a place, ascending by <c>seq</c>.</summary>
    public Task<List<StoredMessage>> AfterAsync(long userId, long room, long after, int most) =>
        database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {Columns} {Readable} AND m.seq > @after ORDER BY m.seq LIMIT @most",
            new { userId, room, after, most })).AsList());

    /// <summary>
    /// What changed after <paramref name="rev"/>, by <c>rev</c>, in one statement: it sees one moment, so that everything up to
    /// the highest <c>rev</c> it holds is in it.
    /// </summary>
    public Task<List<StoredMessage>> ChangesAsync(long userId, long room, long rev, int most) =>
        database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {Columns} {Readable} AND m.rev > @rev ORDER BY m.rev LIMIT @most",
            new { userId, room, rev, most })).AsList());

    /// <summary>Writes a message of a member, once per client id. The author has read the room up to it.</summary>
    public Task<Posted> PostAsync(long userId, long room, string body, string clientId, long now, Action<Posted> committed) =>
        database.WriteAsync(c => PostAsync(c, userId, room, body, clientId, now), committed);

    /// <summary>Who is to see that a room has news: its members, but those who have blocked the other side.</summary>
    public Task<List<long>> AudienceAsync(long room) =>
        database.ReadAsync(async c => (await c.QueryAsync<long>(
            "SELECT user_id FROM members WHERE room = @room AND until_seq IS NULL", new { room })).AsList());

    private static async Task<Posted> PostAsync(DbConnection c, long userId, long room, string body, string clientId, long now)
    {
        var member = await c.QuerySingleOrDefaultAsync<Membership>(
            """
            SELECT m.until_seq FROM members m JOIN rooms r ON r.number = m.room AND r.closed_at IS NULL
            WHERE m.room = @room AND m.user_id = @userId
            """, new { room, userId });
        if (member is null)
            return new Posted(PostOutcome.UnknownRoom);
        var earlier = await c.QuerySingleOrDefaultAsync<StoredMessage>(
            $"SELECT {Columns} FROM messages m JOIN users u ON u.id = m.author_id WHERE m.author_id = @userId AND m.client_id = @clientId",
            new { userId, clientId });
        if (earlier is not null)
        {
            return earlier.Room == room && string.Equals(earlier.Body, body, StringComparison.Ordinal)
                ? new Posted(PostOutcome.AlreadyStored, earlier)
                : new Posted(PostOutcome.ClientIdTaken);
        }
        if (member.UntilSeq is not null)
            return new Posted(PostOutcome.Blocked);
        var message = await RoomLog.AppendAsync(c, room, userId, MessageKind.Text, body, clientId, now);
        await c.ExecuteAsync("UPDATE members SET read_seq = @Seq WHERE room = @room AND user_id = @userId", new { message!.Seq, room, userId });
        return new Posted(PostOutcome.Stored, message);
    }

    private sealed record Membership
    {
        public long? UntilSeq { get; init; }
    }
}

/// <summary>What became of a post.</summary>
internal enum PostOutcome
{
    /// <summary>Committed durably, at the message's <c>seq</c>.</summary>
    Stored,
    /// <summary>The same post had been committed before: the same answer again.</summary>
    AlreadyStored,
    /// <summary>The client id was used for something else. Nothing was stored.</summary>
    ClientIdTaken,
    /// <summary>No such room for this user. Nothing was stored.</summary>
    UnknownRoom,
    /// <summary>The user has blocked the other side. Nothing was stored.</summary>
    Blocked,
}

internal sealed record Posted(PostOutcome Outcome, StoredMessage? Message = null);
