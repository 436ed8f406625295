using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using WebChat.Media;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Rooms;

/// <summary>
/// Rooms and who is in them. Whoever asks is in every WHERE: a room one is not a member of, a closed one and one that never
/// was are the same nothing.
/// </summary>
internal sealed class RoomStore
{
    /// <summary>Members and found groups on one page.</summary>
    public const int PageSize = 50;

    /// <summary>The level of a member <c>me</c> in a room <c>r</c>: until they choose, the lobby calls those whom it means.</summary>
    public const string Level = "coalesce(me.level, CASE WHEN r.kind = 0 THEN 1 ELSE 0 END)";

    /// <summary>What is to catch the eye of a member <c>me</c> of a room <c>r</c>.</summary>
    private const string Loud =
        $"""
        CASE WHEN r.seq <= me.read_seq OR me.until_seq IS NOT NULL THEN 0
             WHEN {Level} = 0 THEN r.seq - me.read_seq
             WHEN {Level} = 1 AND me.called_seq > me.read_seq THEN 1
             ELSE 0 END
        """;

    private const string ViewColumns =
        $"""
        r.number, r.kind, r.name AS group_name, r.memo, r.announcement, r.picture AS group_picture, r.owner_id, r.seq, r.rev, r.created_at,
        me.role, me.read_seq, me.until_seq, {Level} AS level, o.id AS other_id, o.account AS other_account, o.nickname AS other_nickname,
        o.picture AS other_picture, mine.remark, CASE WHEN theirs.blocked_at IS NULL THEN 0 ELSE 1 END AS other_hides,
        (SELECT count(*) FROM members everybody WHERE everybody.room = r.number) AS members
        """;

    // The other one is looked up and not joined: a join reads all members of the lobby before it drops them.
    private const string ViewTables =
        """
        members me
        JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
        LEFT JOIN users o ON o.id = (SELECT om.user_id FROM members om WHERE r.kind = 1 AND om.room = r.number AND om.user_id <> me.user_id LIMIT 1)
        LEFT JOIN contacts mine ON mine.owner_id = me.user_id AND mine.other_id = o.id
        LEFT JOIN contacts theirs ON theirs.owner_id = o.id AND theirs.other_id = me.user_id
        """;

    /// <summary>Messages of the lobby whose authors are near.</summary>
    private const int Lately = 500;

    /// <summary>Whom somebody in the lobby may mean: however many are in it, these are few.</summary>
    private const string Near =
        """
        SELECT other_id AS user_id FROM contacts WHERE owner_id = @userId AND is_friend = 1
        UNION SELECT author_id FROM messages WHERE room = @Number AND seq > @lately AND kind <> 1
        """;

    private readonly Database database;
    private readonly RoomLog log;
    private readonly TimeProvider clock;
    private readonly GroupWrite<Mark, bool> marks;

    public RoomStore(Database database, RoomLog log, TimeProvider clock)
    {
        this.database = database;
        this.log = log;
        this.clock = clock;
        marks = database.Group<Mark, bool>(MarkReadAsync);
    }

    /// <summary>The room as this member sees it.</summary>
    /// <returns>Null when there is no such open room, or they are not in it.</returns>
    public Task<RoomView?> FindAsync(long number, long userId) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<RoomView>(
            $"SELECT {ViewColumns} FROM {ViewTables} WHERE me.room = @number AND me.user_id = @userId", new { number, userId }));

    /// <summary>All rooms of this member, the one with the newest message first.</summary>
    public Task<List<Conversation>> ListAsync(long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<Conversation>(
            $"""
            SELECT {ViewColumns}, me.called_seq, m.author_id AS last_author_id, a.account AS last_account, a.nickname AS last_author, coalesce(m.kind, 0) AS last_kind, m.body AS last_body,
                   m.content AS last_content, m.recalled_at AS last_recalled_at, m.recalled_by AS last_recalled_by, m.created_at AS last_at
            FROM {ViewTables}
            LEFT JOIN messages m ON m.room = r.number AND m.seq = CASE WHEN me.until_seq < r.seq THEN me.until_seq ELSE r.seq END
            LEFT JOIN users a ON a.id = m.author_id
            WHERE me.user_id = @userId
            ORDER BY coalesce(m.created_at, r.created_at) DESC, r.number
            """, new { userId })).AsList());

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

    /// <summary>One page of a room's members, those who lead it first, then those who came first; empty for outsiders.</summary>
    public Task<List<Member>> MembersAsync(long number, long userId, int page) =>
        database.ReadAsync(async c => (await c.QueryAsync<Member>(
            """
            SELECT u.id AS user_id, u.account, u.nickname, coalesce(mine.remark, '') AS remark, u.picture, m.role, u.is_bot,
                   coalesce(mine.is_friend, 0) AS is_friend, CASE WHEN theirs.blocked_at IS NULL THEN 0 ELSE 1 END AS hides
            FROM members me
            JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
            JOIN (SELECT room, user_id, role, joined_at FROM members WHERE room = @number ORDER BY role DESC, joined_at, user_id LIMIT @size OFFSET @skip) m ON m.room = me.room
            JOIN users u ON u.id = m.user_id
            LEFT JOIN contacts mine ON mine.owner_id = me.user_id AND mine.other_id = u.id
            LEFT JOIN contacts theirs ON theirs.owner_id = u.id AND theirs.other_id = me.user_id
            WHERE me.room = @number AND me.user_id = @userId
            ORDER BY m.role DESC, m.joined_at, m.user_id
            """, new { number, userId, size = PageSize, skip = (long)PageSize * (page - 1) })).AsList());

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

    /// <summary>How far the others in a room have read, but bots, which read nothing; null where they are more than <paramref name="most"/>, and for outsiders.</summary>
    public async Task<IReadOnlyList<ReadMark>?> ReadMarksAsync(long number, long userId, int most)
    {
        var read = await database.ReadAsync(async c => (await c.QueryAsync<ReadMark>(
            """
            SELECT m.user_id, m.since_seq AS since, m.read_seq AS seq FROM members me JOIN members m ON m.room = me.room
            JOIN users u ON u.id = m.user_id AND u.is_bot = 0
            WHERE me.room = @number AND me.user_id = @userId ORDER BY m.user_id LIMIT @limit
            """, new { number, userId, limit = most + 1 })).AsList());
        return read.Count == 0 || read.Count > most ? null : [.. read.Where(m => m.UserId != userId)];
    }

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
            SELECT u.id AS user_id, u.account, u.nickname, u.picture, m.role
            FROM ({(room.Kind == RoomKind.Lobby ? Near : "SELECT user_id FROM members WHERE room = @Number")}) t
            CROSS JOIN members m
            JOIN rooms r ON r.number = m.room AND r.closed_at IS NULL
            JOIN members me ON me.room = m.room AND me.user_id = @userId
            JOIN users u ON u.id = m.user_id
            WHERE m.room = @Number AND m.user_id = t.user_id AND m.user_id <> @userId
              AND (u.account_key LIKE @account ESCAPE '\' OR u.nickname_key LIKE @nickname ESCAPE '\')
            ORDER BY u.nickname_key, u.id LIMIT @most
            """, new { room.Number, lately = room.Seq - Lately, userId, account = Like.Escape(beginning.ToUpperInvariant()) + "%", nickname = Like.Escape(beginning.ToLowerInvariant()) + "%", most })).AsList());

    /// <summary>How many members each of these rooms has.</summary>
    public async Task<Dictionary<long, long>> SizesAsync(long[] rooms) =>
        (await database.ReadAsync(c => c.QueryAsync<(long Room, long Count)>(
            $"SELECT room, count(*) FROM members WHERE {database.In("room", "@rooms")} GROUP BY room", new { rooms }))).ToDictionary(r => r.Room, r => r.Count);

    /// <summary>One page of those who have read a message, but its author, in the order of <see cref="MembersAsync"/>; empty for all but the author.</summary>
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
            """, new { number, userId, seq, size = PageSize, skip = (long)PageSize * (page - 1) })).AsList());

    /// <summary>Everybody in an open room, in no order.</summary>
    public Task<List<long>> MemberIdsAsync(long room) =>
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

    /// <summary>The room of two friends.</summary>
    /// <returns>Null when they are not friends, or there is no such person.</returns>
    public Task<long?> FindDirectAsync(long userId, string account) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<long?>(
            """
            SELECT r.number FROM members me
            JOIN rooms r ON r.number = me.room AND r.kind = 1 AND r.closed_at IS NULL
            JOIN members om ON om.room = r.number AND om.user_id <> me.user_id
            JOIN users o ON o.id = om.user_id
            WHERE me.user_id = @userId AND o.account_key = @key
            """, new { userId, key = account.ToUpperInvariant() }));

    /// <summary>Groups with this number, or whose name holds these letters; those that begin with them first.</summary>
    /// <param name="query">Taken by the letter: no character of it is special.</param>
    /// <param name="userId">Who looks; says which groups they are in already.</param>
    /// <param name="page">From 1, <see cref="PageSize"/> each.</param>
    public Task<List<FoundGroup>> FindGroupsAsync(string query, long userId, int page)
    {
        var name = Like.Escape(query.ToLowerInvariant());
        var number = long.TryParse(query, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        return database.ReadAsync(async c => (await c.QueryAsync<FoundGroup>(
            """
            SELECT r.number, r.name, r.memo, r.picture, (SELECT count(*) FROM members m WHERE m.room = r.number) AS members,
                   EXISTS (SELECT 1 FROM members me WHERE me.room = r.number AND me.user_id = @userId) AS is_member
            FROM rooms r
            WHERE r.kind = 2 AND r.closed_at IS NULL AND (r.number = @number OR r.name_key LIKE @within ESCAPE '\')
            ORDER BY CASE WHEN r.number = @number THEN 0 WHEN r.name_key LIKE @beginning ESCAPE '\' THEN 1 ELSE 2 END, r.name_key, r.number
            LIMIT @size OFFSET @skip
            """, new { userId, number, within = $"%{name}%", beginning = $"{name}%", size = PageSize + 1, skip = (long)PageSize * (page - 1) })).AsList());
    }

    /// <summary>The groups the user owns, by name.</summary>
    public Task<List<RoomView>> OwnedAsync(long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<RoomView>(
            $"SELECT {ViewColumns} FROM {ViewTables} WHERE me.user_id = @userId AND r.owner_id = @userId AND r.kind = 2 ORDER BY r.name_key, r.number", new { userId })).AsList());

    /// <summary>Notes that a member has read up to a place: never backwards, never beyond the last message.</summary>
    /// <returns>True when it moved.</returns>
    public Task<bool> MarkReadAsync(long userId, long room, long seq) => marks.WriteAsync(new Mark(room, userId, seq));

    /// <summary>Makes a group with its owner in it, unless they own as many as <paramref name="most"/> (0 is no limit).</summary>
    /// <returns>Its number, or null beyond the limit.</returns>
    public Task<long?> CreateGroupAsync(long userId, string name, string memo, NewPicture? icon, int most, Action<StoredMessage> committed) =>
        WriteNoteAsync(committed, async c =>
        {
            if (most > 0 && await CountOwnedAsync(c, userId) >= most)
                return new Noted<long?>(null, null);
            var now = clock.Now();
            if (icon is not null)
                await PictureStore.AddAsync(c, userId, icon, now);
            var number = await InsertAsync(c, RoomKind.Group, now);
            await c.ExecuteAsync("UPDATE rooms SET name = @name, name_key = @key, memo = @memo, picture = @picture, owner_id = @userId WHERE number = @number",
                new { number, name, key = name.ToLowerInvariant(), memo, picture = icon?.Id, userId });
            await AddMemberAsync(c, number, userId, Role.Owner, now);
            return new Noted<long?>(number, await NoteAsync(c, number, userId, RoomNote.Created, now));
        });

    /// <summary>Takes the user into a group.</summary>
    /// <param name="most">Members a group may have; 0 is no limit.</param>
    public Task<JoinOutcome> JoinAsync(long number, long userId, int most, Action<StoredMessage> committed) =>
        WriteNoteAsync(committed, async c =>
        {
            var members = await c.QuerySingleOrDefaultAsync<long?>(
                "SELECT (SELECT count(*) FROM members m WHERE m.room = r.number) FROM rooms r WHERE r.number = @number AND r.kind = 2 AND r.closed_at IS NULL", new { number });
            if (members is null)
                return new Noted<JoinOutcome>(JoinOutcome.Unknown, null);
            if (await c.ExecuteScalarAsync<bool>("SELECT count(*) FROM members WHERE room = @number AND user_id = @userId", new { number, userId }))
                return new Noted<JoinOutcome>(JoinOutcome.AlreadyIn, null);
            if (most > 0 && members >= most)
                return new Noted<JoinOutcome>(JoinOutcome.Full, null);
            var now = clock.Now();
            await AddMemberAsync(c, number, userId, Role.Member, now);
            return new Noted<JoinOutcome>(JoinOutcome.Joined, await NoteAsync(c, number, userId, RoomNote.Joined, now));
        });

    /// <summary>Lets a member of a group go. Its owner stays: a group without one could never be dissolved.</summary>
    /// <returns>False when they are not a member, or own it.</returns>
    public Task<bool> LeaveAsync(long number, long userId, Action<StoredMessage> committed) =>
        WriteNoteAsync(committed, async c => await DeleteMemberAsync(c, number, userId, Role.Owner)
            ? new Noted<bool>(true, await NoteAsync(c, number, userId, RoomNote.Left, clock.Now()))
            : new Noted<bool>(false, null));

    /// <summary>Puts a member out of a group, by somebody above them in it.</summary>
    /// <returns>False when one is not in it, or the other is not above.</returns>
    public Task<bool> RemoveAsync(long number, long userId, long memberId, Action<StoredMessage> committed) =>
        WriteNoteAsync(committed, async c =>
        {
            var role = await c.QuerySingleOrDefaultAsync<long?>("SELECT role FROM members WHERE room = @number AND user_id = @userId", new { number, userId });
            if (role is null or (long)Role.Member || !await DeleteMemberAsync(c, number, memberId, (Role)role))
                return new Noted<bool>(false, null);
            var nickname = await c.ExecuteScalarAsync<string>("SELECT nickname FROM users WHERE id = @memberId", new { memberId });
            return new Noted<bool>(true, await NoteAsync(c, number, userId, $"{RoomNote.Removed} {nickname}", clock.Now()));
        });

    /// <summary>Ends a group for everybody, by its owner. What was said in it is kept where nobody can reach it.</summary>
    /// <returns>Who was in it, or null when the user does not own it.</returns>
    public Task<List<long>?> DissolveAsync(long number, long userId) =>
        database.WriteAsync(async c =>
        {
            var closed = await c.ExecuteAsync(
                "UPDATE rooms SET closed_at = @now WHERE number = @number AND kind = 2 AND owner_id = @userId AND closed_at IS NULL",
                new { number, userId, now = clock.Now() });
            return closed == 0 ? null : await DeleteMembersAsync(c, number);
        });

    /// <summary>Changes what a group says of itself, by its owner or an administrator. A new name is noted in the room.</summary>
    /// <returns>False when the user may not.</returns>
    public Task<bool> UpdateAsync(long number, long userId, string name, string memo, string announcement, NewPicture? icon, Action<StoredMessage> committed) =>
        WriteNoteAsync(committed, async c =>
        {
            var before = await c.QuerySingleOrDefaultAsync<string>(
                """
                SELECT r.name FROM rooms r JOIN members me ON me.room = r.number AND me.user_id = @userId AND me.role >= 1
                WHERE r.number = @number AND r.kind = 2 AND r.closed_at IS NULL
                """, new { number, userId });
            if (before is null)
                return new Noted<bool>(false, null);
            if (icon is not null)
                await PictureStore.AddAsync(c, userId, icon, clock.Now());
            await c.ExecuteAsync(
                "UPDATE rooms SET name = @name, name_key = @key, memo = @memo, announcement = @announcement, picture = coalesce(@picture, picture) WHERE number = @number",
                new { number, name, key = name.ToLowerInvariant(), memo, announcement, picture = icon?.Id });
            var isRenamed = !string.Equals(before, name, StringComparison.Ordinal);
            return new Noted<bool>(true, isRenamed ? await NoteAsync(c, number, userId, $"{RoomNote.Renamed} {name}", clock.Now()) : null);
        });

    /// <summary>A new room with a number of its own, inside the caller's write.</summary>
    /// <returns>The number: nine random digits, so that knowing one room says nothing of another.</returns>
    public static async Task<long> InsertAsync(DbConnection connection, RoomKind kind, long now, string? pairKey = null)
    {
        while (true)
        {
            var number = (long)RandomNumberGenerator.GetInt32(100_000_000, 1_000_000_000);
            var inserted = await connection.ExecuteAsync(
                "INSERT INTO rooms (number, kind, pair_key, last_at, created_at) VALUES (@number, @kind, @pairKey, @now, @now) ON CONFLICT (number) DO NOTHING",
                new { number, kind, pairKey, now });
            if (inserted == 1)
                return number;
        }
    }

    /// <summary>Puts a user into a room, inside the caller's write. What was said before is not new to them.</summary>
    public static Task AddMemberAsync(DbConnection connection, long room, long userId, Role role, long now) =>
        connection.ExecuteAsync(
            """
            INSERT INTO members (room, user_id, role, read_seq, since_seq, joined_at)
            SELECT number, @userId, @role, seq, seq, @now FROM rooms WHERE number = @room
            ON CONFLICT (room, user_id) DO NOTHING
            """, new { room, userId, role, now });

    /// <summary>Empties a room, inside the caller's write.</summary>
    /// <returns>Who was in it.</returns>
    public static async Task<List<long>> DeleteMembersAsync(DbConnection connection, long room)
    {
        var members = (await connection.QueryAsync<long>("SELECT user_id FROM members WHERE room = @room", new { room })).AsList();
        await connection.ExecuteAsync("DELETE FROM members WHERE room = @room", new { room });
        return members;
    }

    private static async Task<bool> DeleteMemberAsync(DbConnection connection, long number, long userId, Role below) =>
        await connection.ExecuteAsync(
            """
            DELETE FROM members WHERE room = @number AND user_id = @userId AND role < @below
              AND EXISTS (SELECT 1 FROM rooms WHERE number = @number AND kind = 2 AND closed_at IS NULL)
            """, new { number, userId, below }) > 0;

    /// <summary>Writes a note, inside the caller's write; its author, who knows, has read it.</summary>
    public async Task<StoredMessage?> NoteAsync(DbConnection connection, long room, long userId, string body, long now)
    {
        var note = await log.NoteAsync(connection, room, userId, body, now);
        if (note is not null)
            await connection.ExecuteAsync("UPDATE members SET read_seq = @Seq WHERE room = @room AND user_id = @userId AND read_seq = @Seq - 1", new { note.Seq, room, userId });
        return note;
    }

    private static Task<int> CountOwnedAsync(DbConnection connection, long userId) =>
        connection.ExecuteScalarAsync<int>("SELECT count(*) FROM rooms WHERE owner_id = @userId AND kind = 2 AND closed_at IS NULL", new { userId });

    private async Task<T> WriteNoteAsync<T>(Action<StoredMessage> committed, Func<DbConnection, Task<Noted<T>>> change)
    {
        var noted = await database.WriteAsync(change, written =>
        {
            if (written.Note is { } note)
                committed(note);
        });
        return noted.Result;
    }

    private async Task<IReadOnlyList<bool>> MarkReadAsync(DbConnection connection, IReadOnlyList<Mark> group)
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

    private sealed record Noted<T>(T Result, StoredMessage? Note);
}

/// <summary>How asking to join a group went.</summary>
internal enum JoinOutcome
{
    Joined,
    AlreadyIn,
    Full,
    Unknown,
}
