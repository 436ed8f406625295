using System.Data.Common;
using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Accounts;

/// <summary>A device that is signed in, or a program's token: a row of <c>sessions</c>.</summary>
internal sealed record Session
{
    /// <summary>SHA-256 of the secret in the cookie, or of the token: reading the table lets nobody in.</summary>
    public required string Id { get; init; }
    public required long UserId { get; init; }
    /// <summary>The User-Agent it signed in with.</summary>
    public required string Agent { get; init; }
    public required long CreatedAt { get; init; }
    public required long SeenAt { get; init; }
    /// <summary>When it last showed that it knows the password.</summary>
    public long ProvedAt { get; init; }
    /// <summary>What its owner calls a program's token; null for a device.</summary>
    public string? TokenName { get; init; }
}

/// <summary>A session with what every request needs to know of its user.</summary>
internal sealed record SessionUser
{
    public required long UserId { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    public string? Picture { get; init; }
    public string? Language { get; init; }
    public bool IsAdmin { get; init; }
    public long SeenAt { get; init; }
    public long ProvedAt { get; init; }
}

/// <summary>
/// The sessions' rows. A token is one of them that does not grow old and is no device: whatever ends all sessions of somebody ends it too.
/// </summary>
internal sealed class SessionStore(Database database, TimeProvider clock)
{
    /// <summary>A session that was not used for so long is gone.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(7);

    /// <summary>No session lasts longer.</summary>
    public static readonly TimeSpan Absolute = TimeSpan.FromDays(30);

    /// <summary>Live sessions of one user; a new one pushes out the one that was used longest ago.</summary>
    public const int Most = 50;

    /// <summary>Tokens of one user.</summary>
    public const int MostTokens = 20;

    private const string WithUser =
        """
        SELECT s.user_id, s.seen_at, s.proved_at, u.account, u.nickname, u.picture, u.language, u.is_admin
        FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = @id AND u.deleted_at IS NULL AND u.disabled_at IS NULL
        """;

    /// <summary>The live session of that id and its user, or null.</summary>
    public Task<SessionUser?> FindAsync(string id) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<SessionUser>(
            $"{WithUser} AND s.token_name IS NULL AND s.seen_at > @idle AND s.created_at > @absolute", new { id, idle = Ago(Idle), absolute = Ago(Absolute) }));

    /// <summary>The same of a token.</summary>
    public Task<SessionUser?> FindTokenAsync(string id) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<SessionUser>($"{WithUser} AND s.token_name IS NOT NULL", new { id }));

    /// <summary>Which of these sessions are live.</summary>
    public async Task<HashSet<string>> AliveAsync(IEnumerable<string> ids)
    {
        var alive = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in ids.Chunk(500))
            alive.UnionWith(await database.ReadAsync(c => c.QueryAsync<string>(
                $"SELECT id FROM sessions WHERE {database.In("id", "@some")} AND (token_name IS NOT NULL OR (seen_at > @idle AND created_at > @absolute))", new { some, idle = Ago(Idle), absolute = Ago(Absolute) })));
        return alive;
    }

    /// <summary>The user's live sessions, the last used first.</summary>
    public async Task<IReadOnlyList<Session>> ListAsync(long userId) =>
        (await database.ReadAsync(c => c.QueryAsync<Session>(
            """
            SELECT id, user_id, agent, created_at, seen_at FROM sessions
            WHERE user_id = @userId AND token_name IS NULL AND seen_at > @idle AND created_at > @absolute
            ORDER BY seen_at DESC, id LIMIT @most
            """, new { userId, most = Most, idle = Ago(Idle), absolute = Ago(Absolute) }))).AsList();

    /// <summary>Stores a new session, in place of <paramref name="replaced"/> if there is one, and forgets the user's dead ones.</summary>
    /// <param name="session">The new one.</param>
    /// <param name="stamp">The user's, as it was when they showed who they are: with another one meanwhile, or where they were shut out, nothing is stored.</param>
    /// <param name="replaced">The one that the browser brought along.</param>
    /// <returns>The live ones that had to make room for it; null where it was not stored.</returns>
    public Task<IReadOnlyList<string>?> AddAsync(Session session, string stamp, string? replaced) =>
        database.WriteAsync(async c =>
        {
            if (!await c.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM users WHERE id = @UserId AND stamp = @stamp AND disabled_at IS NULL AND deleted_at IS NULL)", new { session.UserId, stamp }))
                return null;
            await c.ExecuteAsync(
                "DELETE FROM sessions WHERE id = @replaced OR (user_id = @UserId AND token_name IS NULL AND (seen_at <= @idle OR created_at <= @absolute))",
                new { session.UserId, replaced, idle = Ago(Idle), absolute = Ago(Absolute) });
            await AddAsync(c, session);
            return (IReadOnlyList<string>?)(await c.QueryAsync<string>(
                """
                DELETE FROM sessions WHERE user_id = @UserId AND token_name IS NULL AND id NOT IN
                    (SELECT id FROM sessions WHERE user_id = @UserId AND token_name IS NULL ORDER BY CASE WHEN id = @Id THEN 0 ELSE 1 END, seen_at DESC, id LIMIT @most)
                RETURNING id
                """, new { session.UserId, session.Id, most = Most })).AsList();
        });

    public static Task AddAsync(DbConnection connection, Session session) =>
        connection.ExecuteAsync("INSERT INTO sessions (id, user_id, agent, created_at, seen_at, proved_at, token_name) VALUES (@Id, @UserId, @Agent, @CreatedAt, @SeenAt, @ProvedAt, @TokenName)", session);

    /// <summary>Stores a new token, unless its owner has as many as one may, or the session that made it has ended.</summary>
    public Task<bool> AddTokenAsync(Session token, string maker) =>
        database.WriteAsync(async c =>
        {
            if (!await c.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM sessions WHERE id = @maker AND user_id = @UserId)", new { maker, token.UserId }) || await c.ExecuteScalarAsync<long>("SELECT count(*) FROM sessions WHERE user_id = @UserId AND token_name IS NOT NULL", token) >= MostTokens)
                return false;
            await AddAsync(c, token);
            return true;
        });

    /// <summary>The user's tokens, the newest first.</summary>
    public Task<List<Session>> TokensAsync(long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<Session>(
            "SELECT id, user_id, agent, created_at, seen_at, token_name FROM sessions WHERE user_id = @userId AND token_name IS NOT NULL ORDER BY created_at DESC, id", new { userId })).AsList());

    /// <summary>Notes that a token is in use. Its owner need not be here for that.</summary>
    public Task TouchTokenAsync(string id) =>
        database.ExecuteAsync("UPDATE sessions SET seen_at = @now WHERE id = @id AND token_name IS NOT NULL", new { id, now = clock.Now() });

    /// <summary>The same of several at once.</summary>
    public async Task TouchTokensAsync(IEnumerable<string> ids)
    {
        foreach (var some in ids.Order(StringComparer.Ordinal).Chunk(500))
            await database.ExecuteAsync($"UPDATE sessions SET seen_at = @now WHERE {database.In("id", "@some")} AND token_name IS NOT NULL", new { some, now = clock.Now() });
    }

    /// <summary>Notes that the session is in use. The user first, as everybody who writes both: none waits for another in a circle.</summary>
    public Task TouchAsync(string id, long userId) =>
        database.ExecuteAsync(
            """
            UPDATE users SET seen_at = @now WHERE id = @userId;
            UPDATE sessions SET seen_at = @now WHERE id = @id;
            """, new { id, userId, now = clock.Now() });

    /// <summary>Notes that who holds the session has just shown that they know the password.</summary>
    public Task ProveAsync(string id, long userId) =>
        database.WriteAsync(c => c.ExecuteAsync("UPDATE sessions SET proved_at = @now WHERE id = @id AND user_id = @userId AND token_name IS NULL", new { id, userId, now = clock.Now() }));

    /// <summary>Forgets what nobody can use any more.</summary>
    public Task SweepAsync() =>
        database.ExecuteAsync("DELETE FROM sessions WHERE token_name IS NULL AND (seen_at <= @idle OR created_at <= @absolute)", new { idle = Ago(Idle), absolute = Ago(Absolute) });

    /// <returns>False when the user has no such session.</returns>
    public Task<bool> RemoveAsync(string id, long userId) =>
        database.WriteAsync(async c => await c.ExecuteAsync("DELETE FROM sessions WHERE id = @id AND user_id = @userId", new { id, userId }) > 0);

    /// <summary>Ends every session of the user but one.</summary>
    public Task RemoveOthersAsync(string id, long userId) =>
        database.WriteAsync(c => c.ExecuteAsync(
            """
            UPDATE users SET stamp = @stamp WHERE id = @userId;
            DELETE FROM sessions WHERE user_id = @userId AND id <> @id;
            """, new { id, userId, stamp = UserStore.NewStamp() }));

    private long Ago(TimeSpan span) => clock.Now() - (long)span.TotalMilliseconds;
}
