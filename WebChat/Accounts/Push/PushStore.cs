using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Accounts.Push;

/// <summary>Where one browser of somebody is reached while no page is open in it: a row of <c>push_subscriptions</c>, which ends with its session.</summary>
internal record PushSubscription
{
    public required string Endpoint { get; init; }
    public required long UserId { get; init; }
    public required string SessionId { get; init; }
    /// <summary>The browser's public key.</summary>
    public required byte[] P256dh { get; init; }
    /// <summary>What it shares with us alone.</summary>
    public required byte[] Auth { get; init; }
    /// <summary>Of the interface there.</summary>
    public required string Language { get; init; }
    /// <summary>Where that browser finds this installation.</summary>
    public required string Site { get; init; }
    public required long CreatedAt { get; init; }
}

/// <summary>The subscriptions' rows, the key they hang on, and what people want to read in notifications.</summary>
internal sealed class PushStore(Database database, TimeProvider clock) : IDisposable
{
    /// <summary>Subscriptions of one person; a new one pushes out the oldest.</summary>
    public const int Most = 20;

    private PushKey? key;

    /// <summary>The installation's key, made when it is asked for first. Several nodes may ask at once: one's is stored, and all get that one.</summary>
    public async Task<PushKey> KeyAsync()
    {
        if (Volatile.Read(ref key) is { } known)
            return known;
        const string sql = "SELECT value FROM settings WHERE name = 'push-key'";
        var stored = await database.ReadAsync(c => c.QuerySingleOrDefaultAsync<string>(sql)) ?? await database.WriteAsync(async c =>
        {
            await c.ExecuteAsync("INSERT INTO settings (name, value) VALUES ('push-key', @made) ON CONFLICT (name) DO NOTHING", new { made = PushKey.Make() });
            return await c.QuerySingleAsync<string>(sql);
        });
        var read = new PushKey(stored);
        if (Interlocked.CompareExchange(ref key, read, null) is not { } other)
            return read;
        read.Dispose();
        return other;
    }

    /// <summary>Notes where a session's browser is reached, in place of where it was before.</summary>
    /// <returns>False where the address is another person's already, or the session is over.</returns>
    public Task<bool> AddAsync(PushSubscription subscription) =>
        database.WriteAsync(async c =>
        {
            var added = await c.ExecuteAsync(
                """
                INSERT INTO push_subscriptions (endpoint, user_id, session_id, p256dh, auth, language, site, created_at)
                SELECT @Endpoint, user_id, id, @P256dh, @Auth, @Language, @Site, @CreatedAt FROM sessions WHERE id = @SessionId AND user_id = @UserId
                ON CONFLICT (endpoint) DO UPDATE SET session_id = excluded.session_id, p256dh = excluded.p256dh, auth = excluded.auth, language = excluded.language, site = excluded.site, created_at = excluded.created_at
                WHERE push_subscriptions.user_id = excluded.user_id
                """, subscription);
            if (added == 0)
                return false;
            await c.ExecuteAsync(
                """
                DELETE FROM push_subscriptions WHERE user_id = @UserId AND endpoint <> @Endpoint AND (session_id = @SessionId OR endpoint NOT IN
                    (SELECT endpoint FROM push_subscriptions WHERE user_id = @UserId ORDER BY CASE WHEN endpoint = @Endpoint THEN 0 ELSE 1 END, created_at DESC, endpoint LIMIT @most))
                """, new { subscription.UserId, subscription.Endpoint, subscription.SessionId, most = Most });
            return true;
        });

    /// <summary>Forgets where a browser of the user's was reached: they switched it off.</summary>
    /// <returns>False where they have no such.</returns>
    public Task<bool> RemoveAsync(string endpoint, long userId) =>
        database.WriteAsync(async c => await c.ExecuteAsync("DELETE FROM push_subscriptions WHERE endpoint = @endpoint AND user_id = @userId", new { endpoint, userId }) > 0);

    /// <summary>Forgets one that its push service does not know any more.</summary>
    public Task ForgetAsync(PushSubscription gone) => RemoveAsync(gone.Endpoint, gone.UserId);

    /// <summary>True while it may be used: the session it was made in goes on.</summary>
    public Task<bool> IsThereAsync(PushSubscription subscription) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<bool>(
            """
            SELECT count(*) FROM push_subscriptions p JOIN sessions s ON s.id = p.session_id AND s.seen_at > @idle AND s.created_at > @absolute
            WHERE p.endpoint = @Endpoint AND p.user_id = @UserId AND p.session_id = @SessionId
            """, new { subscription.Endpoint, subscription.UserId, subscription.SessionId, idle = Ago(SessionStore.Idle), absolute = Ago(SessionStore.Absolute) }));

    /// <summary>Says until when these sessions are known to have a page open at this node.</summary>
    public Task ShowAsync(IReadOnlyCollection<string> sessions, long until) =>
        sessions.Count == 0 ? Task.CompletedTask : database.ExecuteAsync(
            $"UPDATE push_subscriptions SET open_until = @until WHERE {database.In("session_id", "@sessions")} AND open_until < @until", new { sessions, until });

    /// <summary>Takes that back, unless another node has said so for longer.</summary>
    /// <param name="sessions">With what was said of each.</param>
    public Task HideAsync(IReadOnlyCollection<(string Session, long Until)> sessions) =>
        sessions.Count == 0 ? Task.CompletedTask : database.ExecuteAsync(
            $"""
            UPDATE push_subscriptions SET open_until = 0 FROM {database.Table("@sessions", ("session_id", "text"), ("until", "bigint"))}
            WHERE push_subscriptions.session_id = t.session_id AND push_subscriptions.open_until <= t.until
            """, new { sessions = Database.Pack(sessions.Select(s => new { session_id = s.Session, until = s.Until })) });

    /// <summary>Whether the words of messages stand in the user's notifications.</summary>
    public Task<bool> ShowsTextAsync(long userId) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<bool>("SELECT notice_text FROM users WHERE id = @userId", new { userId }));

    public Task SetShowsTextAsync(long userId, bool shows) =>
        database.WriteAsync(c => c.ExecuteAsync("UPDATE users SET notice_text = @text WHERE id = @userId", new { userId, text = shows ? 1 : 0 }));

    public void Dispose() => key?.Dispose();

    private long Ago(TimeSpan span) => clock.Now() - (long)span.TotalMilliseconds;
}
