using System.Data.Common;
using Dapper;
using WebChat.Storage;

namespace WebChat.Rooms;

/// <summary>How far members have read, who has read what, and what is to catch whose eye. Whoever asks is in every WHERE.</summary>
internal sealed class ReadStore
{
    /// <summary>The level of a member <c>me</c> in a room <c>r</c>: until they choose, the lobby calls those whom it means.</summary>
    public const string Level = "coalesce(me.level, CASE WHEN r.kind = 0 THEN 1 ELSE 0 END)";

    /// <summary>How far a member <c>me</c> of a room <c>r</c> has read, or need read: what was deleted for its age is read by all.</summary>
    private const string ReadTo = "CASE WHEN me.read_seq < r.first_seq - 1 THEN r.first_seq - 1 ELSE me.read_seq END";

    /// <summary>What is to catch the eye of a member <c>me</c> of a room <c>r</c>.</summary>
    private const string Loud =
        $"""
        CASE WHEN r.seq <= ({ReadTo}) OR me.until_seq IS NOT NULL THEN 0
             WHEN {Level} = 0 THEN r.seq - ({ReadTo})
             WHEN {Level} = 1 AND me.called_seq > ({ReadTo}) THEN 1
             ELSE 0 END
        """;

    private readonly Database database;
    private readonly GroupWrite<Mark, bool> marks;

    public ReadStore(Database database)
    {
        this.database = database;
        marks = database.Group<Mark, bool>(MarkAsync);
    }

    /// <summary>Notes that a member has read up to a place: never backwards, never beyond the last message.</summary>
    /// <returns>True when it moved.</returns>
    public Task<bool> MarkAsync(long userId, long room, long seq) => marks.WriteAsync(new Mark(room, userId, seq));

    /// <summary>How far the others in a room have read, but bots, which read nothing; null where they are more than <paramref name="most"/>, and for outsiders.</summary>
    public async Task<IReadOnlyList<ReadMark>?> MarksAsync(long number, long userId, int most)
    {
        var read = await database.ReadAsync(async c => (await c.QueryAsync<ReadMark>(
            """
            SELECT m.user_id, m.since_seq AS since, m.read_seq AS seq FROM members me JOIN members m ON m.room = me.room
            JOIN users u ON u.id = m.user_id AND u.is_bot = 0
            WHERE me.room = @number AND me.user_id = @userId ORDER BY m.user_id LIMIT @limit
            """, new { number, userId, limit = most + 1 })).AsList());
        return read.Count == 0 || read.Count > most ? null : [.. read.Where(m => m.UserId != userId)];
    }

    /// <summary>One page of those who have read a message, but its author, in the order of <see cref="MemberStore.PageAsync"/>; empty for all but the author.</summary>
    public Task<List<Member>> ReadersAsync(long number, long userId, long seq, int page) =>
        database.ReadAsync(async c => (await c.QueryAsync<Member>(
            """
            SELECT u.id AS user_id, u.account, u.nickname, coalesce(mine.remark, '') AS remark, u.picture, m.role,
                   coalesce(mine.is_friend, 0) AS is_friend, CASE WHEN theirs.blocked_at IS NULL THEN 0 ELSE 1 END AS hides
            FROM messages said
            JOIN members me ON me.room = said.room AND me.user_id = said.author_id
            JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
            JOIN (SELECT room, user_id, role, joined_at FROM members WHERE room = @number AND user_id <> @userId AND since_seq < @seq AND read_seq >= @seq
                    AND NOT EXISTS (SELECT 1 FROM users b WHERE b.id = user_id AND b.is_bot = 1)
                  ORDER BY role DESC, joined_at, user_id LIMIT @size OFFSET @skip) m ON m.room = me.room
            JOIN users u ON u.id = m.user_id
            LEFT JOIN contacts mine ON mine.owner_id = me.user_id AND mine.other_id = u.id
            LEFT JOIN contacts theirs ON theirs.owner_id = u.id AND theirs.other_id = me.user_id
            WHERE said.room = @number AND said.seq = @seq AND said.author_id = @userId
            ORDER BY m.role DESC, m.joined_at, m.user_id
            """, new { number, userId, seq, size = RoomStore.PageSize, skip = (long)RoomStore.PageSize * (page - 1) })).AsList());

    /// <summary>Takes the member's word for which messages of a room they are notified of.</summary>
    /// <returns>False for outsiders.</returns>
    public Task<bool> SetLevelAsync(long number, long userId, NoticeLevel level) =>
        database.WriteAsync(async c => await c.ExecuteAsync(
            """
            UPDATE members SET level = @level WHERE room = @number AND user_id = @userId
              AND EXISTS (SELECT 1 FROM rooms WHERE number = @number AND closed_at IS NULL)
            """, new { number, userId, level }) > 0);

    /// <summary>All that is to catch a user's eye together, and where the lobby is.</summary>
    public Task<RailCounts> CountAsync(long userId) =>
        database.ReadAsync(c => c.QuerySingleAsync<RailCounts>(
            $"""
            SELECT CAST(coalesce(sum({Loud}), 0) AS bigint) AS unread,
                   CAST(coalesce(sum({Level} * r.number), 0) AS bigint) AS levels,
                   CAST(coalesce(sum(r.rev + 1), 0) AS bigint) AS changes,
                   CAST(coalesce(sum((SELECT count(*) FROM join_requests q WHERE q.room = r.number AND me.role >= 1)), 0) AS bigint) AS asked,
                   coalesce(max(CASE WHEN r.kind = 0 THEN r.number ELSE 0 END), 0) AS lobby
            FROM members me JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
            WHERE me.user_id = @userId
            """, new { userId }));

    /// <summary>What is to catch the eye of each of these users, all their rooms together.</summary>
    public async Task<Dictionary<long, long>> LoudAsync(IEnumerable<long> users) =>
        (await database.ReadAsync(c => c.QueryAsync<(long User, long Count)>(
            $"""
            SELECT me.user_id, CAST(sum({Loud}) AS bigint)
            FROM members me JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
            WHERE me.user_id IN (SELECT t.id FROM {database.Table("@users", ("id", "bigint"))})
            GROUP BY me.user_id
            """, new { users = Database.Pack(users.Select(id => new { id })) }))).ToDictionary(u => u.User, u => u.Count);

    private async Task<IReadOnlyList<bool>> MarkAsync(DbConnection connection, IReadOnlyList<Mark> group)
    {
        var columns = new[] { ("room", "bigint"), ("user_id", "bigint"), ("seq", "bigint") };
        var read = (await connection.QueryAsync<Read>(
            $"""
            SELECT me.room, me.user_id, me.read_seq, r.seq
            FROM {database.Table("@marks", columns)}
            JOIN members me ON me.room = t.room AND me.user_id = t.user_id
            JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
            ORDER BY me.room, me.user_id {database.ForUpdate("me")}
            """, new { marks = Database.Pack(group.Select(m => new { room = m.Room, user_id = m.UserId, seq = m.Seq })) })).DistinctBy(r => (r.Room, r.UserId)).ToDictionary(r => (r.Room, r.UserId));
        var moved = group.Select(mark => read.GetValueOrDefault((mark.Room, mark.UserId)) is { } at && at.MoveTo(mark.Seq)).ToList();
        await connection.ExecuteAsync(
            $"UPDATE members SET read_seq = t.seq FROM {database.Table("@marks", columns)} WHERE members.room = t.room AND members.user_id = t.user_id",
            new { marks = Database.Pack(read.Values.Where(r => r.HasMoved).Select(r => new { room = r.Room, user_id = r.UserId, seq = r.ReadSeq })) });
        return moved;
    }

    private sealed record Mark(long Room, long UserId, long Seq);

    private sealed record Read
    {
        public required long Room { get; init; }
        public required long UserId { get; init; }
        public required long ReadSeq { get; set; }
        public required long Seq { get; init; }
        public bool HasMoved { get; private set; }

        public bool MoveTo(long seq)
        {
            if (seq <= ReadSeq || seq > Seq)
                return false;
            ReadSeq = seq;
            return HasMoved = true;
        }
    }
}
