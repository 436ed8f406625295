using System.Data.Common;
using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Contacts;

/// <summary>
/// Who is whose friend, who asks to be, who is blocked. A blocked person cannot find out: to them everything is as before.
/// </summary>
internal sealed class ContactStore(Database database, ContactHooks hooks, TimeProvider clock)
{
    /// <summary>People found on one page.</summary>
    public const int PageSize = 50;

    private const string PersonColumns =
        $"""
        u.id, u.account, u.nickname, u.sex, u.signature, u.picture, u.is_bot, CASE WHEN u.deleted_at IS NULL THEN 0 ELSE 1 END AS is_gone, mine.remark, coalesce(mine.is_friend, 0) AS is_friend, mine.created_at AS friends_since, {Blocks}
        """;

    private const string Blocks =
        """
        CASE WHEN mine.blocked_at IS NULL THEN 0 ELSE 1 END AS is_blocked, CASE WHEN theirs.blocked_at IS NULL THEN 0 ELSE 1 END AS hides,
        CASE WHEN theirs.blocked_at < u.seen_at THEN theirs.blocked_at ELSE u.seen_at END AS seen_at
        """;

    private const string PersonTables =
        """
        users u
        LEFT JOIN contacts mine ON mine.owner_id = @userId AND mine.other_id = u.id
        LEFT JOIN contacts theirs ON theirs.owner_id = u.id AND theirs.other_id = @userId
        """;

    /// <summary>A person as the user sees them; null when there is none of that account.</summary>
    public async Task<Person?> FindAsync(string account, long userId) => await FindAnyAsync(account, userId) is { IsBot: false, IsGone: false } person ? person : null;

    /// <summary>The same, and bots and those who left too: they have a page, and nothing can be done there.</summary>
    public Task<Person?> FindAnyAsync(string account, long userId) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<Person>(
            $"""
            SELECT {PersonColumns},
                   EXISTS (SELECT 1 FROM friend_requests WHERE from_id = @userId AND to_id = u.id) AS is_asked,
                   EXISTS (SELECT 1 FROM friend_requests WHERE from_id = u.id AND to_id = @userId) AND mine.blocked_at IS NULL AS asks
            FROM {PersonTables} WHERE u.account_key = @key
            """, new { userId, key = account.ToUpperInvariant() }));

    /// <summary>People whose account or nickname holds these letters; the exact one first, then those that begin with them.</summary>
    /// <param name="query">Taken by the letter: no character of it is special.</param>
    /// <param name="userId">Who looks.</param>
    /// <param name="page">From 1, <see cref="PageSize"/> each; one more is read to know whether there are others.</param>
    public Task<List<Person>> SearchAsync(string query, long userId, int page)
    {
        var key = query.ToUpperInvariant();
        return database.ReadAsync(async c => (await c.QueryAsync<Person>(
            $"""
            SELECT {PersonColumns}
            FROM {PersonTables}
            WHERE u.is_bot = 0 AND u.deleted_at IS NULL AND (u.account_key LIKE @account ESCAPE '\' OR u.nickname_key LIKE @nickname ESCAPE '\')
            ORDER BY CASE WHEN u.account_key = @key THEN 0 WHEN u.account_key LIKE @beginning ESCAPE '\' THEN 1 ELSE 2 END, u.nickname_key, u.id
            LIMIT @size OFFSET @skip
            """, new
            {
                userId, key,
                account = $"%{Like.Escape(key)}%",
                beginning = $"{Like.Escape(key)}%",
                nickname = $"%{Like.Escape(query.ToLowerInvariant())}%",
                size = PageSize + 1,
                skip = (long)PageSize * (page - 1),
            })).AsList());
    }

    /// <summary>The user's friends by name: of each what a list shows.</summary>
    public Task<List<Person>> FriendsAsync(long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<Person>(
            $"""
            SELECT u.id, u.account, u.nickname, u.picture, mine.remark, mine.is_friend, {Blocks} FROM {PersonTables} WHERE mine.is_friend = 1
            ORDER BY CASE WHEN mine.remark = '' THEN u.nickname_key ELSE lower(mine.remark) END, u.id
            """, new { userId })).AsList());

    /// <summary>These people as the user sees them, by name; those who hide from the user are left out.</summary>
    public Task<List<Person>> VisibleAsync(IEnumerable<long> ids, long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<Person>(
            $"SELECT {PersonColumns} FROM {PersonTables} WHERE {database.In("u.id", "@ids")} AND theirs.blocked_at IS NULL AND u.deleted_at IS NULL ORDER BY u.nickname_key, u.id",
            new { ids = ids.ToArray(), userId })).AsList());

    /// <summary>The friends who may see the user come and go: those whom the user has not blocked.</summary>
    public Task<List<long>> WatchersAsync(long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<long>(
            "SELECT other_id FROM contacts WHERE owner_id = @userId AND is_friend = 1 AND blocked_at IS NULL", new { userId })).AsList());

    /// <summary>The friends whose coming and going the user may see.</summary>
    public Task<List<long>> WatchedAsync(long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<long>(
            "SELECT owner_id FROM contacts WHERE other_id = @userId AND is_friend = 1 AND blocked_at IS NULL", new { userId })).AsList());

    /// <summary>Notes that the user was here until now.</summary>
    public Task NoteSeenAsync(long userId) =>
        database.ExecuteAsync("UPDATE users SET seen_at = @now WHERE id = @userId", new { userId, now = clock.Now() });

    /// <summary>Requests that wait for the user's answer, newest first. Those of blocked people are not among them.</summary>
    public Task<List<FriendRequest>> RequestsAsync(long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<FriendRequest>(
            """
            SELECT u.id, u.account, u.nickname, u.picture, f.message, f.created_at
            FROM friend_requests f JOIN users u ON u.id = f.from_id
            LEFT JOIN contacts mine ON mine.owner_id = f.to_id AND mine.other_id = f.from_id
            WHERE f.to_id = @userId AND mine.blocked_at IS NULL
            ORDER BY f.created_at DESC, u.id
            """, new { userId })).AsList());

    /// <summary>How many requests wait for the user's answer.</summary>
    public Task<int> CountRequestsAsync(long userId) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<int>(
            """
            SELECT count(*) FROM friend_requests f
            LEFT JOIN contacts mine ON mine.owner_id = f.to_id AND mine.other_id = f.from_id
            WHERE f.to_id = @userId AND mine.blocked_at IS NULL
            """, new { userId }));

    /// <summary>Asks for friendship. Where the other has asked already, this accepts: both, and all that belongs to it, in one write.</summary>
    public Task<RequestOutcome> RequestAsync(long userId, string account, string message) =>
        WriteAsync(async c =>
        {
            if (await FindPairAsync(c, userId, account) is not { } pair)
                return Done(RequestOutcome.Unknown);
            if (pair.Id == userId)
                return Done(RequestOutcome.Oneself);
            if (pair.IsFriend)
                return Done(RequestOutcome.AlreadyFriends);
            if (pair.IsBlocked)
                return Done(RequestOutcome.Blocked);
            if (pair.Asks)
                return new Outcome<RequestOutcome>(RequestOutcome.Friends, await BefriendAsync(c, userId, pair.Id));
            var sent = await c.ExecuteAsync(
                "INSERT INTO friend_requests (from_id, to_id, message, created_at) VALUES (@userId, @Id, @message, @now) ON CONFLICT (to_id, from_id) DO NOTHING",
                new { userId, pair.Id, message, now = clock.Now() });
            return Done(sent == 1 ? RequestOutcome.Sent : RequestOutcome.AlreadySent);
        });

    /// <summary>Makes friends of the user and one who asked: both rows, and all that belongs to it, in one write.</summary>
    /// <returns>False when nobody of that account asks.</returns>
    public Task<bool> AcceptAsync(long userId, string account) =>
        WriteAsync(async c => await FindPairAsync(c, userId, account) is { Asks: true, IsBlocked: false } pair
            ? new Outcome<bool>(true, await BefriendAsync(c, userId, pair.Id))
            : Done(false));

    /// <summary>Refuses a request. The other is not told.</summary>
    /// <returns>False when nobody of that account asks.</returns>
    public Task<bool> DeclineAsync(long userId, string account) =>
        WriteAsync(async c => await FindPairAsync(c, userId, account) is { Asks: true, IsBlocked: false } pair
            ? Done(await c.ExecuteAsync("DELETE FROM friend_requests WHERE from_id = @Id AND to_id = @userId", new { pair.Id, userId }) > 0)
            : Done(false));

    /// <summary>Ends a friendship for both.</summary>
    /// <returns>False when there is none.</returns>
    public Task<bool> DeleteAsync(long userId, string account) =>
        WriteAsync(async c =>
        {
            if (await FindPairAsync(c, userId, account) is not { IsFriend: true } pair)
                return Done(false);
            await c.ExecuteAsync(
                "UPDATE contacts SET is_friend = 0 WHERE (owner_id = @userId AND other_id = @Id) OR (owner_id = @Id AND other_id = @userId)", new { userId, pair.Id });
            return new Outcome<bool>(true, await RunAsync(hooks.Parted, c, userId, pair.Id));
        });

    /// <summary>Blocks a person, who is not told and sees no difference.</summary>
    /// <returns>False when there is no such other person.</returns>
    public Task<bool> BlockAsync(long userId, string account) =>
        WriteAsync(async c =>
        {
            if (await FindPairAsync(c, userId, account) is not { } pair || pair.Id == userId)
                return Done(false);
            if (pair.IsBlocked)
                return Done(true);
            var now = clock.Now();
            await c.ExecuteAsync(
                """
                INSERT INTO contacts (owner_id, other_id, blocked_at, created_at) VALUES (@userId, @Id, @now, @now)
                ON CONFLICT (owner_id, other_id) DO UPDATE SET blocked_at = excluded.blocked_at
                """, new { userId, pair.Id, now });
            return new Outcome<bool>(true, await RunAsync(hooks.Blocked, c, userId, pair.Id));
        });

    /// <summary>Takes a block back.</summary>
    /// <returns>False when there is none.</returns>
    public Task<bool> UnblockAsync(long userId, string account) =>
        WriteAsync(async c =>
        {
            if (await FindPairAsync(c, userId, account) is not { IsBlocked: true } pair)
                return Done(false);
            await c.ExecuteAsync("UPDATE contacts SET blocked_at = NULL WHERE owner_id = @userId AND other_id = @Id", new { userId, pair.Id });
            return new Outcome<bool>(true, await RunAsync(hooks.Unblocked, c, userId, pair.Id));
        });

    /// <summary>Notes what the user calls somebody.</summary>
    /// <returns>False when there is no such other person.</returns>
    public async Task<bool> SetRemarkAsync(long userId, string account, string remark) =>
        await database.WriteAsync(c => c.ExecuteAsync(
            """
            INSERT INTO contacts (owner_id, other_id, remark, created_at)
            SELECT @userId, id, @remark, @now FROM users WHERE account_key = @key AND id <> @userId AND is_bot = 0 AND deleted_at IS NULL
            ON CONFLICT (owner_id, other_id) DO UPDATE SET remark = excluded.remark
            """, new { userId, key = account.ToUpperInvariant(), remark, now = clock.Now() })) > 0;

    private async Task<Action> BefriendAsync(DbConnection connection, long userId, long otherId)
    {
        await connection.ExecuteAsync(
            """
            INSERT INTO contacts (owner_id, other_id, is_friend, created_at) VALUES (@userId, @otherId, 1, @now), (@otherId, @userId, 1, @now)
            ON CONFLICT (owner_id, other_id) DO UPDATE SET is_friend = 1, created_at = excluded.created_at;
            DELETE FROM friend_requests WHERE (from_id = @userId AND to_id = @otherId) OR (from_id = @otherId AND to_id = @userId);
            """, new { userId, otherId, now = clock.Now() });
        return await RunAsync(hooks.Befriended, connection, userId, otherId);
    }

    private static Task<Pair?> FindPairAsync(DbConnection connection, long userId, string account) =>
        connection.QuerySingleOrDefaultAsync<Pair>(
            """
            SELECT u.id, coalesce(mine.is_friend, 0) AS is_friend, CASE WHEN mine.blocked_at IS NULL THEN 0 ELSE 1 END AS is_blocked,
                   EXISTS (SELECT 1 FROM friend_requests WHERE from_id = u.id AND to_id = @userId) AS asks
            FROM users u LEFT JOIN contacts mine ON mine.owner_id = @userId AND mine.other_id = u.id
            WHERE u.account_key = @key AND u.is_bot = 0 AND u.deleted_at IS NULL
            """, new { userId, key = account.ToUpperInvariant() });

    private static async Task<Action> RunAsync(List<Func<DbConnection, long, long, Task<Action>>> hooks, DbConnection connection, long userId, long otherId)
    {
        Action all = static () => { };
        foreach (var hook in hooks)
            all += await hook(connection, userId, otherId);
        return all;
    }

    private async Task<T> WriteAsync<T>(Func<DbConnection, Task<Outcome<T>>> change) =>
        (await database.WriteAsync(change, static outcome => outcome.AfterCommit?.Invoke())).Result;

    private static Outcome<T> Done<T>(T result) => new(result, null);

    private sealed record Outcome<T>(T Result, Action? AfterCommit);

    private sealed record Pair
    {
        public long Id { get; init; }
        public bool IsFriend { get; init; }
        public bool IsBlocked { get; init; }
        public bool Asks { get; init; }
    }
}
