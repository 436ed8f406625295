using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using WebChat.Media;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Rooms;

/// <summary>
/// Rooms as their members see them. Whoever asks is in every WHERE: a room one is not a member of, a closed one and one that never
/// was are the same nothing.
/// </summary>
internal sealed class RoomStore(Database database, RoomNotes notes, TimeProvider clock)
{
    /// <summary>Members and found groups on one page.</summary>
    public const int PageSize = 50;

    private const string ViewColumns =
        $"""
        r.number, r.kind, r.name AS group_name, r.memo, r.announcement, r.announced_at, r.picture AS group_picture, r.owner_id, r.seq, r.first_seq, r.rev, r.created_at,
        r.joining, r.posting AS only_administrators_post, r.inviting AS members_invite, me.role, me.read_seq, me.until_seq, me.heard_at,
        CASE WHEN me.until_seq IS NULL THEN 0 ELSE 1 END AS has_blocked, x.until_at AS muted_until, CASE WHEN x.until_at IS NULL THEN 0 ELSE 1 END AS is_muted, {ReadStore.Level} AS level, o.id AS other_id, o.account AS other_account, o.nickname AS other_nickname,
        o.picture AS other_picture, mine.remark, CASE WHEN theirs.blocked_at IS NULL THEN 0 ELSE 1 END AS other_hides,
        r.people AS members,
        (SELECT count(*) FROM join_requests q WHERE q.room = r.number AND me.role >= 1) AS requests
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

    private const string Mute = "LEFT JOIN mutes x ON x.room = me.room AND x.user_id = me.user_id AND x.until_at > @now";

    /// <summary>The room as this member sees it.</summary>
    /// <returns>Null when there is no such open room, or they are not in it.</returns>
    public Task<RoomView?> FindAsync(long number, long userId) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<RoomView>(
            $"SELECT {ViewColumns} FROM {ViewTables} {Mute} WHERE me.room = @number AND me.user_id = @userId", new { number, userId, now = clock.Now() }));

    /// <summary>All rooms of this member, the one with the newest message first. Of each what a list shows: it stands beside most pages, and a column less of hundreds is felt.</summary>
    public Task<List<Conversation>> ListAsync(long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<Conversation>(
            $"""
            SELECT r.number, r.kind, r.name AS group_name, r.picture AS group_picture, r.seq, r.first_seq, r.rev, me.read_seq, me.until_seq, {ReadStore.Level} AS level,
                   o.id AS other_id, o.nickname AS other_nickname, o.picture AS other_picture, mine.remark, CASE WHEN theirs.blocked_at IS NULL THEN 0 ELSE 1 END AS other_hides,
                   CASE WHEN me.role >= 1 THEN (SELECT count(*) FROM join_requests q WHERE q.room = r.number) ELSE 0 END AS requests, me.called_seq,
                   m.author_id AS last_author_id, a.account AS last_account, a.nickname AS last_author, coalesce(a.is_bot, 0) AS last_is_bot, coalesce(m.kind, 0) AS last_kind, m.body AS last_body,
                   m.content AS last_content, m.recalled_at AS last_recalled_at, m.recalled_by AS last_recalled_by, coalesce(m.created_at, r.created_at) AS last_at
            FROM {ViewTables}
            LEFT JOIN messages m ON m.room = r.number AND m.seq = CASE WHEN me.until_seq < r.seq THEN me.until_seq ELSE r.seq END
            LEFT JOIN users a ON a.id = m.author_id
            WHERE me.user_id = @userId
            ORDER BY last_at DESC, r.number
            """, new { userId })).AsList());

    /// <summary>All rooms of this member with all that is known of them, by number.</summary>
    public Task<List<RoomView>> AllAsync(long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<RoomView>($"SELECT {ViewColumns} FROM {ViewTables} {Mute} WHERE me.user_id = @userId ORDER BY r.number", new { userId, now = clock.Now() })).AsList());

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

    /// <summary>
    /// Groups with this number, or whose name holds these letters; those that begin with them first. One that is entered by invite
    /// links alone is found by its members only: nobody else could do anything with it.
    /// </summary>
    /// <param name="query">Taken by the letter: no character of it is special.</param>
    /// <param name="userId">Who looks; says which groups they are in already.</param>
    /// <param name="page">From 1, <see cref="PageSize"/> each.</param>
    public Task<List<FoundGroup>> FindGroupsAsync(string query, long userId, int page)
    {
        var name = Like.Escape(query.ToLowerInvariant());
        var number = long.TryParse(query, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        return database.ReadAsync(async c => (await c.QueryAsync<FoundGroup>(
            $"""
            SELECT r.number, r.name, r.memo, r.picture, r.joining, r.people AS members,
                   EXISTS (SELECT 1 FROM members me WHERE me.room = r.number AND me.user_id = @userId) AS is_member,
                   EXISTS (SELECT 1 FROM join_requests q WHERE q.room = r.number AND q.user_id = @userId) AS has_asked
            FROM rooms r
            WHERE r.kind = 2 AND r.closed_at IS NULL AND (r.number = @number OR r.name_key LIKE @within ESCAPE '\')
              AND (r.joining <> 2 OR EXISTS (SELECT 1 FROM members me WHERE me.room = r.number AND me.user_id = @userId))
            ORDER BY CASE WHEN r.number = @number THEN 0 WHEN r.name_key LIKE @beginning ESCAPE '\' THEN 1 ELSE 2 END, r.name_key, r.number
            LIMIT @size OFFSET @skip
            """, new { userId, number, within = $"%{name}%", beginning = $"{name}%", size = PageSize + 1, skip = (long)PageSize * (page - 1) })).AsList());
    }

    /// <summary>The groups the user owns, by name.</summary>
    public Task<List<RoomView>> OwnedAsync(long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<RoomView>(
            $"SELECT {ViewColumns} FROM {ViewTables} {Mute} WHERE me.user_id = @userId AND r.owner_id = @userId AND r.kind = 2 ORDER BY r.name_key, r.number", new { userId, now = clock.Now() })).AsList());

    /// <summary>Makes a group with its owner in it, unless they own as many as <paramref name="most"/> (0 is no limit).</summary>
    /// <returns>Its number, or null beyond the limit.</returns>
    public Task<long?> CreateGroupAsync(long userId, string name, string memo, NewPicture? icon, int most, Action<StoredMessage> committed) =>
        notes.WriteAsync(committed, async c =>
        {
            if (most > 0 && await CountOwnedAsync(c, userId) >= most)
                return new Noted<long?>(null);
            var now = clock.Now();
            if (icon is not null)
                await PictureStore.AddAsync(c, userId, icon, now);
            var number = await InsertAsync(c, RoomKind.Group, now);
            await c.ExecuteAsync("UPDATE rooms SET name = @name, name_key = @key, memo = @memo, picture = @picture, owner_id = @userId WHERE number = @number",
                new { number, name, key = name.ToLowerInvariant(), memo, picture = icon?.Id, userId });
            await MemberStore.AddAsync(c, number, userId, Role.Owner, now);
            return new Noted<long?>(number, await notes.AddAsync(c, number, userId, RoomNote.Created, now));
        });

    /// <summary>Ends a group for everybody, by its owner. What was said in it is kept where nobody can reach it.</summary>
    /// <returns>Who was in it, or null when the user may not.</returns>
    public Task<List<long>?> DissolveAsync(long number, long userId) =>
        database.WriteAsync(async c =>
        {
            var now = clock.Now();
            if (await MemberStore.StandingAsync(c, number, userId, now) is not { } me || !me.May(RoomAction.Dissolve))
                return null;
            return (List<long>?)await CloseAsync(c, number, now);
        });

    /// <summary>Ends a group for everybody, inside the caller's write, which has asked whether it may be.</summary>
    /// <returns>Who was in it.</returns>
    public static async Task<List<long>> CloseAsync(DbConnection connection, long number, long now)
    {
        await connection.ExecuteAsync(
            """
            UPDATE rooms SET closed_at = @now WHERE number = @number;
            DELETE FROM join_requests WHERE room = @number;
            DELETE FROM invites WHERE room = @number;
            DELETE FROM mutes WHERE room = @number;
            """, new { number, now });
        return await MemberStore.DeleteAllAsync(connection, number);
    }

    /// <summary>Changes what a group says of itself and its rules. Its members are told of a new name, a new announcement, and who may write now.</summary>
    /// <returns>False when the user may not.</returns>
    public Task<bool> UpdateAsync(long number, long userId, GroupForm form, NewPicture? icon, Action<StoredMessage> committed) =>
        notes.WriteAsync(committed, async c =>
        {
            var now = clock.Now();
            if (await MemberStore.StandingAsync(c, number, userId, now) is not { } me || !me.May(RoomAction.ChangeSettings))
                return new Noted<bool>(false);
            var (name, announcement) = await c.QuerySingleAsync<(string, string)>("SELECT name, announcement FROM rooms WHERE number = @number", new { number });
            var isAnnounced = !string.Equals(announcement, form.Announcement, StringComparison.Ordinal) && me.May(RoomAction.Announce);
            if (icon is not null)
                await PictureStore.AddAsync(c, userId, icon, now);
            await c.ExecuteAsync(
                """
                UPDATE rooms SET name = @Name, name_key = @key, memo = @Memo, announcement = @text, announced_at = CASE WHEN @isAnnounced THEN @now ELSE announced_at END,
                                 joining = @Joining, posting = @posting, inviting = @inviting, picture = coalesce(@picture, picture) WHERE number = @number
                """,
                new
                {
                    number, form.Name, key = form.Name.ToLowerInvariant(), form.Memo, text = isAnnounced ? form.Announcement : announcement, isAnnounced, now, form.Joining,
                    posting = form.OnlyAdministratorsPost ? 1 : 0, inviting = form.MembersInvite ? 1 : 0, picture = icon?.Id,
                });
            return new Noted<bool>(true)
            {
                Notes = await notes.AddAsync(c, number, userId, now,
                    string.Equals(name, form.Name, StringComparison.Ordinal) ? null : $"{RoomNote.Renamed} {form.Name}",
                    isAnnounced && form.Announcement.Length > 0 ? RoomNote.Announced : null,
                    me.OnlyAdministratorsPost == form.OnlyAdministratorsPost ? null : form.OnlyAdministratorsPost ? RoomNote.Closed : RoomNote.Opened),
            };
        });

    /// <summary>Notes that the member has put an announcement away: another is shown again.</summary>
    /// <returns>False for outsiders.</returns>
    public Task<bool> HearAsync(long number, long userId, long announcedAt) =>
        database.WriteAsync(async c => await c.ExecuteAsync(
            """
            UPDATE members SET heard_at = @announcedAt WHERE room = @number AND user_id = @userId
              AND EXISTS (SELECT 1 FROM rooms WHERE number = @number AND closed_at IS NULL)
            """, new { number, userId, announcedAt }) > 0);

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

    /// <summary>How many groups somebody owns, inside the caller's write.</summary>
    public static Task<int> CountOwnedAsync(DbConnection connection, long userId) =>
        connection.ExecuteScalarAsync<int>("SELECT count(*) FROM rooms WHERE owner_id = @userId AND kind = 2 AND closed_at IS NULL", new { userId });

}
