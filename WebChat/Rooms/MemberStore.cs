using System.Data.Common;
using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Rooms;

/// <summary>Who is in a room, and how they come and go. Whoever asks or acts is in every WHERE.</summary>
internal sealed class MemberStore(Database database, RoomNotes notes, TimeProvider clock)
{
    /// <summary>
    /// How many people are members of a room <c>r</c>. Its bots are in it to write; they are few by a limit of their own, and neither take a place
    /// nor count.
    /// </summary>
    public const string People = "(SELECT count(*) FROM members everybody WHERE everybody.room = r.number) - (SELECT count(*) FROM bots b WHERE b.room = r.number)";

    /// <summary>Messages of the lobby whose authors are near.</summary>
    private const int Lately = 500;

    /// <summary>Whom somebody in the lobby may mean: however many are in it, these are few.</summary>
    private const string Near =
        """
        SELECT other_id AS user_id FROM contacts WHERE owner_id = @userId AND is_friend = 1
        UNION SELECT author_id FROM messages WHERE room = @Number AND seq > @lately AND kind <> 1
        """;

    /// <summary>One page of a room's members but its bots, those who lead it first, then those who came first; empty for outsiders.</summary>
    public Task<List<Member>> PageAsync(long number, long userId, int page) =>
        database.ReadAsync(async c => (await c.QueryAsync<Member>(
            """
            SELECT u.id AS user_id, u.account, u.nickname, coalesce(mine.remark, '') AS remark, u.picture, m.role,
                   coalesce(mine.is_friend, 0) AS is_friend, CASE WHEN theirs.blocked_at IS NULL THEN 0 ELSE 1 END AS hides
            FROM members me
            JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
            JOIN (SELECT room, user_id, role, joined_at FROM members WHERE room = @number AND user_id NOT IN (SELECT user_id FROM bots WHERE room = @number)
                  ORDER BY role DESC, joined_at, user_id LIMIT @size OFFSET @skip) m ON m.room = me.room
            JOIN users u ON u.id = m.user_id
            LEFT JOIN contacts mine ON mine.owner_id = me.user_id AND mine.other_id = u.id
            LEFT JOIN contacts theirs ON theirs.owner_id = u.id AND theirs.other_id = me.user_id
            WHERE me.room = @number AND me.user_id = @userId
            ORDER BY m.role DESC, m.joined_at, m.user_id
            """, new { number, userId, size = RoomStore.PageSize, skip = (long)RoomStore.PageSize * (page - 1) })).AsList());

    /// <summary>The bots of a room, by name; none for outsiders.</summary>
    public Task<List<Member>> BotsAsync(long number, long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<Member>(
            """
            SELECT u.id AS user_id, u.account, u.nickname, u.picture, u.is_bot
            FROM bots b JOIN users u ON u.id = b.user_id
            JOIN members me ON me.room = b.room AND me.user_id = @userId
            JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
            WHERE b.room = @number ORDER BY u.account_key
            """, new { number, userId })).AsList());

    /// <summary>One member of a group, as one who may remove them sees them; null for everybody else, and for bots, which have a page of their own for that.</summary>
    public Task<Member?> FindRemovableAsync(long number, long userId, long memberId) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<Member>(
            """
            SELECT u.id AS user_id, u.account, u.nickname, coalesce(mine.remark, '') AS remark, u.picture, m.role
            FROM members me
            JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL AND r.kind = 2
            JOIN members m ON m.room = me.room AND m.user_id = @memberId AND m.role < me.role
            JOIN users u ON u.id = m.user_id AND u.is_bot = 0
            LEFT JOIN contacts mine ON mine.owner_id = me.user_id AND mine.other_id = u.id
            WHERE me.room = @number AND me.user_id = @userId AND me.role >= 1
            """, new { number, userId, memberId }));

    /// <summary>
    /// The other members of a room whose account or nickname begins so, for who writes there; empty for outsiders. In the lobby, where
    /// everybody is, only friends and those who wrote there lately.
    /// </summary>
    /// <param name="room">The room.</param>
    /// <param name="userId">Who writes.</param>
    /// <param name="beginning">Taken by the letter.</param>
    /// <param name="most">How many at most.</param>
    public Task<List<Member>> NamedLikeAsync(RoomView room, long userId, string beginning, int most) =>
        database.ReadAsync(async c => (await c.QueryAsync<Member>(
            $"""
            SELECT u.id AS user_id, u.account, u.nickname, u.picture, m.role, u.is_bot
            FROM ({(room.Kind == RoomKind.Lobby ? Near : "SELECT user_id FROM members WHERE room = @Number")}) t
            CROSS JOIN members m
            JOIN rooms r ON r.number = m.room AND r.closed_at IS NULL
            JOIN members me ON me.room = m.room AND me.user_id = @userId
            JOIN users u ON u.id = m.user_id
            WHERE m.room = @Number AND m.user_id = t.user_id AND m.user_id <> @userId
              AND (u.account_key LIKE @account ESCAPE '\' OR u.nickname_key LIKE @nickname ESCAPE '\')
            ORDER BY u.nickname_key, u.id LIMIT @most
            """, new { room.Number, lately = room.Seq - Lately, userId, account = Like.Escape(beginning.ToUpperInvariant()) + "%", nickname = Like.Escape(beginning.ToLowerInvariant()) + "%", most })).AsList());

    /// <summary>How many members each of these rooms has, but bots.</summary>
    public async Task<Dictionary<long, long>> SizesAsync(long[] rooms) =>
        (await database.ReadAsync(c => c.QueryAsync<(long Room, long Count)>(
            $"SELECT r.number, {People} FROM rooms r WHERE {database.In("r.number", "@rooms")}", new { rooms }))).ToDictionary(r => r.Room, r => r.Count);

    /// <summary>Everybody in an open room, in no order.</summary>
    public Task<List<long>> IdsAsync(long room) =>
        database.ReadAsync(async c => (await c.QueryAsync<long>(
            "SELECT m.user_id FROM members m JOIN rooms r ON r.number = m.room AND r.closed_at IS NULL WHERE m.room = @room", new { room })).AsList());

    /// <summary>Which of these may read what is said in their room now.</summary>
    public Task<List<(long Room, long User)>> ReadersAsync(IEnumerable<(long Room, long User)> readers) =>
        database.ReadAsync(async c => (await c.QueryAsync<(long, long)>(
            $"""
            SELECT m.room, m.user_id FROM {database.Table("@readers", ("room", "bigint"), ("user_id", "bigint"))}
            JOIN members m ON m.room = t.room AND m.user_id = t.user_id AND m.until_seq IS NULL
            JOIN rooms r ON r.number = m.room AND r.closed_at IS NULL
            """, new { readers = Database.Pack(readers.Select(r => new { room = r.Room, user_id = r.User })) })).AsList());

    /// <summary>Takes the user into a group.</summary>
    /// <param name="most">Members a group may have; 0 is no limit.</param>
    public Task<JoinOutcome> JoinAsync(long number, long userId, int most, Action<StoredMessage> committed) =>
        notes.WriteAsync(committed, async c =>
        {
            var members = await c.QuerySingleOrDefaultAsync<long?>(
                $"SELECT {People} FROM rooms r WHERE r.number = @number AND r.kind = 2 AND r.closed_at IS NULL", new { number });
            if (members is null)
                return new Noted<JoinOutcome>(JoinOutcome.Unknown);
            if (await c.ExecuteScalarAsync<bool>("SELECT count(*) FROM members WHERE room = @number AND user_id = @userId", new { number, userId }))
                return new Noted<JoinOutcome>(JoinOutcome.AlreadyIn);
            if (most > 0 && members >= most)
                return new Noted<JoinOutcome>(JoinOutcome.Full);
            var now = clock.Now();
            await AddAsync(c, number, userId, Role.Member, now);
            return new Noted<JoinOutcome>(JoinOutcome.Joined, await notes.AddAsync(c, number, userId, RoomNote.Joined, now));
        });

    /// <summary>Lets a member of a group go. Its owner stays: a group without one could never be dissolved.</summary>
    /// <returns>False when they are not a member, or own it.</returns>
    public Task<bool> LeaveAsync(long number, long userId, Action<StoredMessage> committed) =>
        notes.WriteAsync(committed, async c => await DeleteAsync(c, number, userId, Role.Owner)
            ? new Noted<bool>(true, await notes.AddAsync(c, number, userId, RoomNote.Left, clock.Now()))
            : new Noted<bool>(false));

    /// <summary>Puts a member out of a group, by somebody above them in it.</summary>
    /// <returns>False when one is not in it, or the other is not above.</returns>
    public Task<bool> RemoveAsync(long number, long userId, long memberId, Action<StoredMessage> committed) =>
        notes.WriteAsync(committed, async c =>
        {
            var role = await c.QuerySingleOrDefaultAsync<long?>("SELECT role FROM members WHERE room = @number AND user_id = @userId", new { number, userId });
            if (role is null or (long)Role.Member || !await DeleteAsync(c, number, memberId, (Role)role))
                return new Noted<bool>(false);
            var nickname = await c.ExecuteScalarAsync<string>("SELECT nickname FROM users WHERE id = @memberId", new { memberId });
            return new Noted<bool>(true, await notes.AddAsync(c, number, userId, $"{RoomNote.Removed} {nickname}", clock.Now()));
        });

    /// <summary>Puts a user into a room, inside the caller's write. What was said before is not new to them.</summary>
    public static Task AddAsync(DbConnection connection, long room, long userId, Role role, long now) =>
        connection.ExecuteAsync(
            """
            INSERT INTO members (room, user_id, role, read_seq, since_seq, joined_at)
            SELECT number, @userId, @role, seq, seq, @now FROM rooms WHERE number = @room
            ON CONFLICT (room, user_id) DO NOTHING
            """, new { room, userId, role, now });

    /// <summary>Empties a room, inside the caller's write.</summary>
    /// <returns>Who was in it.</returns>
    public static async Task<List<long>> DeleteAllAsync(DbConnection connection, long room)
    {
        var members = (await connection.QueryAsync<long>("SELECT user_id FROM members WHERE room = @room", new { room })).AsList();
        await connection.ExecuteAsync("DELETE FROM members WHERE room = @room", new { room });
        return members;
    }

    private static async Task<bool> DeleteAsync(DbConnection connection, long number, long userId, Role below) =>
        await connection.ExecuteAsync(
            """
            DELETE FROM members WHERE room = @number AND user_id = @userId AND role < @below
              AND EXISTS (SELECT 1 FROM rooms WHERE number = @number AND kind = 2 AND closed_at IS NULL)
            """, new { number, userId, below }) > 0;
}

/// <summary>How asking to join a group went.</summary>
internal enum JoinOutcome
{
    Joined,
    AlreadyIn,
    Full,
    Unknown,
}
