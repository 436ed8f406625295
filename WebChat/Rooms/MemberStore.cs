using System.Data.Common;
using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Rooms;

/// <summary>Who is in a room, and how they come and go. Whoever asks or acts is in every WHERE.</summary>
internal sealed class MemberStore(Database database, RoomNotes notes, TimeProvider clock)
{
    /// <summary>Messages of the lobby whose authors are near.</summary>
    private const int Lately = 500;

    /// <summary>Whom somebody in the lobby may mean: however many are in it, these are few.</summary>
    private const string Near =
        """
        SELECT other_id AS user_id FROM contacts WHERE owner_id = @userId AND is_friend = 1
        UNION SELECT author_id FROM messages WHERE room = @Number AND seq > @lately AND kind <> 1
        """;

    private const string Columns =
        """
        u.id AS user_id, u.account, u.nickname, coalesce(mine.remark, '') AS remark, u.picture, m.role, u.is_bot, x.until_at AS muted_until,
        coalesce(mine.is_friend, 0) AS is_friend, CASE WHEN theirs.blocked_at IS NULL THEN 0 ELSE 1 END AS hides
        """;

    /// <summary>Of a member <c>m</c>: who they are, and what they are to a member <c>me</c>.</summary>
    private const string Around =
        """
        JOIN users u ON u.id = m.user_id
        LEFT JOIN mutes x ON x.room = m.room AND x.user_id = m.user_id AND x.until_at > @now
        LEFT JOIN contacts mine ON mine.owner_id = @userId AND mine.other_id = u.id
        LEFT JOIN contacts theirs ON theirs.owner_id = u.id AND theirs.other_id = @userId
        """;

    /// <summary>Members are found by a part of their account, of their nickname, or of what the one who looks calls them.</summary>
    private const string IsNamed =
        """
        (u.account_key LIKE @account ESCAPE '\' OR u.nickname_key LIKE @name ESCAPE '\' OR mine.remark LIKE @typed ESCAPE '\')
        """;

    /// <summary>One page of a room's members but its bots, those who lead it first, then those who came first; empty for outsiders.</summary>
    public Task<List<Member>> PageAsync(long number, long userId, int page) =>
        database.ReadAsync(async c => (await c.QueryAsync<Member>(
            $"""
            SELECT {Columns}
            FROM members me
            JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
            JOIN (SELECT room, user_id, role, joined_at FROM members WHERE room = @number AND user_id NOT IN (SELECT user_id FROM bots WHERE room = @number)
                  ORDER BY role DESC, joined_at, user_id LIMIT @size OFFSET @skip) m ON m.room = me.room
            {Around}
            WHERE me.room = @number AND me.user_id = @userId
            ORDER BY m.role DESC, m.joined_at, m.user_id
            """, new { number, userId, now = clock.Now(), size = RoomStore.PageSize, skip = (long)RoomStore.PageSize * (page - 1) })).AsList());

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

    /// <summary>The same of those who are called so, and one more, which says that there is a next page.</summary>
    /// <param name="query">Taken by the letter: no character of it is special.</param>
    public Task<List<Member>> SearchAsync(long number, long userId, string query, int page) =>
        database.ReadAsync(async c => (await c.QueryAsync<Member>(
            $"""
            SELECT {Columns}
            FROM members me
            JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
            JOIN members m ON m.room = me.room
            {Around}
            WHERE me.room = @number AND me.user_id = @userId AND u.is_bot = 0 AND {IsNamed}
            ORDER BY m.role DESC, m.joined_at, m.user_id LIMIT @size OFFSET @skip
            """,
            new
            {
                number, userId, now = clock.Now(), size = RoomStore.PageSize + 1, skip = (long)RoomStore.PageSize * (page - 1),
                account = Within(query.ToUpperInvariant()), name = Within(query.ToLowerInvariant()), typed = Within(query),
            })).AsList());

    /// <summary>One member, as another sees them; null for outsiders, and where there is none.</summary>
    public Task<Member?> FindAsync(long number, long userId, long memberId) => database.ReadAsync(c => FindAsync(c, number, userId, memberId, clock.Now()));

    /// <summary>Whether somebody may say something new in a room, as it is now.</summary>
    public Task<bool> MayPostAsync(long userId, long room) =>
        database.ReadAsync(async c => await StandingAsync(c, room, userId, clock.Now()) is { } standing && standing.May(RoomAction.Post));

    /// <summary>How somebody stands in a room, inside the caller's write: it stays so until that ends.</summary>
    /// <returns>Null where there is no such open room; without a role for those who are not in it.</returns>
    public static Task<Standing?> StandingAsync(DbConnection connection, long room, long userId, long now) =>
        connection.QuerySingleOrDefaultAsync<Standing>(
            """
            SELECT r.kind, r.joining, r.posting AS only_administrators_post, r.inviting AS members_invite, me.role, u.is_bot,
                   CASE WHEN me.until_seq IS NULL THEN 0 ELSE 1 END AS has_blocked, CASE WHEN x.until_at IS NULL THEN 0 ELSE 1 END AS is_muted
            FROM rooms r
            JOIN users u ON u.id = @userId
            LEFT JOIN members me ON me.room = r.number AND me.user_id = u.id
            LEFT JOIN mutes x ON x.room = r.number AND x.user_id = u.id AND x.until_at > @now
            WHERE r.number = @room AND r.closed_at IS NULL
            """, new { room, userId, now });

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
            $"SELECT r.number, r.people FROM rooms r WHERE {database.In("r.number", "@rooms")}", new { rooms }))).ToDictionary(r => r.Room, r => r.Count);

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

    /// <summary>Those who lead a room, in no order.</summary>
    public Task<List<long>> LeadersAsync(long room) =>
        database.ReadAsync(async c => (await c.QueryAsync<long>(
            "SELECT m.user_id FROM members m JOIN rooms r ON r.number = m.room AND r.closed_at IS NULL WHERE m.room = @room AND m.role >= 1", new { room })).AsList());

    /// <summary>Takes the user into a group, or notes that they ask to be let in.</summary>
    /// <param name="number">The group.</param>
    /// <param name="userId">Who wants in.</param>
    /// <param name="message">What they say to those who may let them in.</param>
    /// <param name="most">Members a group may have; 0 is no limit.</param>
    /// <param name="committed">Publishes the note.</param>
    public Task<JoinOutcome> JoinAsync(long number, long userId, string message, int most, Action<StoredMessage> committed) =>
        notes.WriteAsync(committed, async c =>
        {
            var now = clock.Now();
            if (await StandingAsync(c, number, userId, now) is not { Kind: RoomKind.Group } who)
                return new Noted<JoinOutcome>(JoinOutcome.Unknown);
            if (who.Role is not null)
                return new Noted<JoinOutcome>(JoinOutcome.AlreadyIn);
            if (who.May(RoomAction.Ask))
                return new Noted<JoinOutcome>(await RequestStore.AddAsync(c, number, userId, message, now) ? JoinOutcome.Asked : JoinOutcome.AlreadyAsked);
            if (!who.May(RoomAction.Join))
                return new Noted<JoinOutcome>(JoinOutcome.Unknown);
            return await EnterAsync(c, number, userId, most, now) is { } refused
                ? new Noted<JoinOutcome>(refused)
                : new Noted<JoinOutcome>(JoinOutcome.Joined, await notes.AddAsync(c, number, userId, RoomNote.Joined, now));
        });

    /// <summary>Lets a member of a group go. Its owner stays: a group without one could never be dissolved.</summary>
    public Task<MemberOutcome> LeaveAsync(long number, long userId, Action<StoredMessage> committed) =>
        notes.WriteAsync(committed, async c =>
        {
            var now = clock.Now();
            if (await StandingAsync(c, number, userId, now) is not { Role: not null } me)
                return new Noted<MemberOutcome>(MemberOutcome.Unknown);
            if (!me.May(RoomAction.Leave))
                return new Noted<MemberOutcome>(MemberOutcome.Forbidden);
            await EndAsync(c, number, userId);
            return new Noted<MemberOutcome>(MemberOutcome.Done, await notes.AddAsync(c, number, userId, RoomNote.Left, now));
        });

    /// <summary>Puts a user into a room, inside the caller's write. What was said before is not new to them. Bots are in it to write: they neither take a place nor count.</summary>
    public static Task AddAsync(DbConnection connection, long room, long userId, Role role, long now) =>
        connection.ExecuteAsync(
            """
            UPDATE rooms SET people = people + 1
            WHERE number = @room AND NOT EXISTS (SELECT 1 FROM members WHERE room = @room AND user_id = @userId) AND EXISTS (SELECT 1 FROM users WHERE id = @userId AND is_bot = 0);
            INSERT INTO members (room, user_id, role, read_seq, since_seq, joined_at)
            SELECT number, @userId, @role, seq, seq, @now FROM rooms WHERE number = @room
            ON CONFLICT (room, user_id) DO NOTHING;
            """, new { room, userId, role, now });

    /// <summary>Takes a user out of a room, inside the caller's write.</summary>
    public static Task RemoveAsync(DbConnection connection, long room, long userId) =>
        connection.ExecuteAsync(
            """
            UPDATE rooms SET people = people - 1
            WHERE number = @room AND EXISTS (SELECT 1 FROM members m JOIN users u ON u.id = m.user_id AND u.is_bot = 0 WHERE m.room = @room AND m.user_id = @userId);
            DELETE FROM members WHERE room = @room AND user_id = @userId;
            """, new { room, userId });

    /// <summary>Empties a room, inside the caller's write.</summary>
    /// <returns>Who was in it.</returns>
    public static async Task<List<long>> DeleteAllAsync(DbConnection connection, long room)
    {
        var members = (await connection.QueryAsync<long>("SELECT user_id FROM members WHERE room = @room", new { room })).AsList();
        await connection.ExecuteAsync("UPDATE rooms SET people = 0 WHERE number = @room; DELETE FROM members WHERE room = @room;", new { room });
        return members;
    }

    /// <summary>Takes somebody into a group that has a place for them, inside the caller's write. Their request is answered by it.</summary>
    /// <returns>Null when they are in; else why not.</returns>
    public static async Task<JoinOutcome?> EnterAsync(DbConnection connection, long number, long userId, int most, long now)
    {
        if (most > 0 && await connection.ExecuteScalarAsync<long>("SELECT people FROM rooms WHERE number = @number", new { number }) >= most)
            return JoinOutcome.Full;
        await RequestStore.DeleteAsync(connection, number, userId);
        await AddAsync(connection, number, userId, Role.Member, now);
        return null;
    }

    /// <summary>A member as another sees them, inside the caller's write; null where either is not in the room.</summary>
    public static Task<Member?> FindAsync(DbConnection connection, long number, long userId, long memberId, long now) =>
        connection.QuerySingleOrDefaultAsync<Member>(
            $"""
            SELECT {Columns}
            FROM members me
            JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
            JOIN members m ON m.room = me.room AND m.user_id = @memberId
            {Around}
            WHERE me.room = @number AND me.user_id = @userId
            """, new { number, userId, memberId, now });

    /// <summary>Ends a membership, and what of theirs would let them, or others, come back, inside the caller's write.</summary>
    public static async Task EndAsync(DbConnection connection, long number, long userId)
    {
        await RemoveAsync(connection, number, userId);
        await connection.ExecuteAsync("DELETE FROM invites WHERE room = @number AND made_by = @userId", new { number, userId });
    }

    private static string Within(string query) => $"%{Like.Escape(query)}%";
}

/// <summary>How asking to join a group went.</summary>
internal enum JoinOutcome
{
    Joined,
    AlreadyIn,
    Full,
    Unknown,
    /// <summary>Those who lead the group are asked.</summary>
    Asked,
    /// <summary>They were asked before, and have not answered.</summary>
    AlreadyAsked,
}
