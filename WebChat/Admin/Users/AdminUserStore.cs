using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using WebChat.Admin.Audit;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Admin.Users;

/// <summary>A person, as administrators see everybody.</summary>
internal record ListedUser
{
    public required long Id { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    public required string Email { get; init; }
    public string? Picture { get; init; }
    public required long CreatedAt { get; init; }
    public required long SeenAt { get; init; }
    public long? DisabledAt { get; init; }
    public bool IsAdmin { get; init; }
}

/// <summary>The same, by itself.</summary>
internal sealed record UserDetail : ListedUser
{
    public required long Devices { get; init; }
    public required long Tokens { get; init; }
    public required long Groups { get; init; }
    public required long Owned { get; init; }
    /// <summary>They are asked for a code after the password.</summary>
    public bool HasTwoStep { get; init; }
    public required long Passkeys { get; init; }
}

/// <summary>By what the list of users is ordered.</summary>
internal enum UserOrder
{
    Created,
    Account,
    Seen,
}

/// <summary>A page of the list, and how many there are in all; more than <see cref="AdminUserStore.MostCounted"/> found ones are not counted.</summary>
internal sealed record UserPage(IReadOnlyList<ListedUser> Users, long Count);

/// <summary>What became of an act.</summary>
internal enum Acted
{
    Done,
    /// <summary>It is so already.</summary>
    Same,
    /// <summary>No such person, or who asks is no administrator any more.</summary>
    Unknown,
    /// <summary>Nobody would be left to let others in.</summary>
    LastAdministrator,
    /// <summary>One does not lock oneself out.</summary>
    Oneself,
    /// <summary>Who may not come in leads nobody.</summary>
    Disabled,
}

/// <summary>
/// Users as administrators see them, and what they do to them. Whether who acts is an administrator still, is asked in the transaction that
/// does it; it stands in the audit log when it is done.
/// </summary>
internal sealed class AdminUserStore(Database database, TimeProvider clock)
{
    public const int PageSize = 50;

    /// <summary>Of those found, so many are counted. Beyond it, walking the list finds a page of them sooner than the index does.</summary>
    public const int MostCounted = 1_000;

    private const int ExportPage = 1_000;

    private const string Columns = "u.id, u.account, u.nickname, u.email, u.picture, u.created_at, u.seen_at, u.disabled_at, u.is_admin";

    // As the indexes of the list say it.
    private const string Listed = "is_bot = 0 AND deleted_at IS NULL";

    /// <summary>SQL: who acts, <c>@actorId</c>, is an administrator at this moment.</summary>
    public const string IsAdmin = "EXISTS (SELECT 1 FROM users a WHERE a.id = @actorId AND a.is_admin = 1 AND a.disabled_at IS NULL AND a.deleted_at IS NULL)";

    /// <summary>A page of everybody, or of those whose account, address, or a word of whose nickname begins so.</summary>
    public Task<UserPage> ListAsync(string beginning, UserOrder order, bool isReversed, int page) =>
        database.ReadAsync(async c =>
        {
            var way = isReversed == (order == UserOrder.Account) ? "DESC" : "ASC"; // names from A on, times from the last
            var column = order switch { UserOrder.Account => "account_key", UserOrder.Seen => "seen_at", _ => "created_at" };
            var skip = (page - 1) * PageSize;
            var (upper, lower) = (beginning.ToUpperInvariant(), beginning.ToLowerInvariant());
            var sought = new { upper, lower, word = $"% {Like.Escape(lower)}%", most = MostCounted + 1 };
            var found = beginning.Length == 0 ? null : (await c.QueryAsync<long>(Found, sought)).AsList();
            var count = found?.Count ?? await c.ExecuteScalarAsync<long>($"SELECT count(*) FROM users WHERE {Listed}");
            var where = found is null ? "" : count <= MostCounted ? $"AND {database.In("u.id", "@found")}" : $"AND {Begins}";
            var users = await c.QueryAsync<ListedUser>(
                $"SELECT {Columns} FROM users u WHERE {Listed} {where} ORDER BY u.{column} {way}, u.id {way} LIMIT @PageSize OFFSET @skip", new { upper, lower, sought.word, found, PageSize, skip });
            return new UserPage(users.AsList(), count);
        });

    /// <summary>By indexes, but for the words within a nickname: those are few bytes of each row, and looked through.</summary>
    private string Found =>
        $"""
        SELECT id FROM users WHERE {Listed} AND {database.Begins("account_key", "@upper")}
        UNION SELECT id FROM users WHERE {Listed} AND {database.Begins("nickname_key", "@lower")}
        UNION SELECT id FROM users WHERE {Listed} AND {database.Begins("email_key", "@upper")}
        UNION SELECT id FROM users WHERE {Listed} AND nickname_key LIKE @word ESCAPE '\'
        LIMIT @most
        """;

    /// <summary>The same of one row at a time.</summary>
    private const string Begins =
        """
        (substr(u.account_key, 1, length(@upper)) = @upper OR substr(u.nickname_key, 1, length(@lower)) = @lower OR substr(u.email_key, 1, length(@upper)) = @upper
         OR u.nickname_key LIKE @word ESCAPE '\')
        """;

    /// <summary>One person, by account; null for bots, for who left, and for nobody.</summary>
    public Task<UserDetail?> FindAsync(string account) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<UserDetail>(
            $"""
            SELECT {Columns},
                   (SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND s.token_name IS NULL AND s.seen_at > @idle AND s.created_at > @absolute) AS devices,
                   (SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND s.token_name IS NOT NULL) AS tokens,
                   (SELECT count(*) FROM members m JOIN rooms r ON r.number = m.room AND r.kind = 2 AND r.closed_at IS NULL WHERE m.user_id = u.id) AS groups,
                   (SELECT count(*) FROM rooms r WHERE r.owner_id = u.id AND r.kind = 2 AND r.closed_at IS NULL) AS owned,
                   EXISTS (SELECT 1 FROM two_step t WHERE t.user_id = u.id) AS has_two_step,
                   (SELECT count(*) FROM passkeys k WHERE k.user_id = u.id) AS passkeys
            FROM users u WHERE u.account_key = @key AND {Listed}
            """, new { key = account.ToUpperInvariant(), idle = Ago(Accounts.SessionStore.Idle), absolute = Ago(Accounts.SessionStore.Absolute) }));

    /// <summary>Everybody, the oldest account first, a thousand at a time.</summary>
    public async IAsyncEnumerable<ListedUser> AllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var after = 0L; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            var some = await database.ReadAsync(async c => (await c.QueryAsync<ListedUser>(
                $"SELECT {Columns} FROM users u WHERE {Listed} AND u.id > @after ORDER BY u.id LIMIT @ExportPage", new { after, ExportPage })).AsList());
            foreach (var user in some)
                yield return user;
            if (some.Count < ExportPage)
                yield break;
            after = some[^1].Id;
        }
    }

    /// <summary>Lets somebody in no more: their devices and tokens end, and no password opens another.</summary>
    public Task<(Acted Outcome, Target? User)> DisableAsync(long actorId, string account) => database.WriteAsync(c => DisableAsync(c, actorId, account, ""));

    /// <summary>The same inside a write, for a reason.</summary>
    public Task<(Acted Outcome, Target? User)> DisableAsync(DbConnection connection, long actorId, string account, string reason) =>
        ActAsync(connection, actorId, account, Act.Disable, reason, static u => u.DisabledAt is not null, static (c, u) =>
            u.IsActor ? Task.FromResult(Acted.Oneself) : DoneAsync(c,
                "UPDATE users SET disabled_at = @Now, stamp = @Stamp WHERE id = @Id; DELETE FROM sessions WHERE user_id = @Id;", u));

    public Task<(Acted Outcome, Target? User)> EnableAsync(long actorId, string account) =>
        ActAsync(actorId, account, Act.Enable, static u => u.DisabledAt is null, static (c, u) => DoneAsync(c, "UPDATE users SET disabled_at = NULL WHERE id = @Id", u));

    public Task<(Acted Outcome, Target? User)> PromoteAsync(long actorId, string account) =>
        ActAsync(actorId, account, Act.Promote, static u => u.IsAdmin, static (c, u) =>
            u.DisabledAt is not null ? Task.FromResult(Acted.Disabled) : DoneAsync(c, "UPDATE users SET is_admin = 1 WHERE id = @Id", u));

    /// <summary>Makes an administrator a member like others, oneself too, while somebody who can come in is left.</summary>
    public Task<(Acted Outcome, Target? User)> DemoteAsync(long actorId, string account) =>
        ActAsync(actorId, account, Act.Demote, static u => !u.IsAdmin, static async (c, u) =>
            await c.ExecuteAsync(
                """
                UPDATE users SET is_admin = 0
                WHERE id = @Id AND EXISTS (SELECT 1 FROM users o WHERE o.is_admin = 1 AND o.id <> @Id AND o.disabled_at IS NULL AND o.deleted_at IS NULL)
                """, u) > 0 ? Acted.Done : Acted.LastAdministrator);

    /// <summary>Ends every device and token.</summary>
    public Task<(Acted Outcome, Target? User)> SignOutAsync(long actorId, string account) =>
        ActAsync(actorId, account, Act.SignOut, static _ => false, static (c, u) => DoneAsync(c, "UPDATE users SET stamp = @Stamp WHERE id = @Id; DELETE FROM sessions WHERE user_id = @Id;", u));

    /// <summary>Puts a password in place that nobody knows, and ends every device and token.</summary>
    /// <param name="actorId">Who does it.</param>
    /// <param name="account">To whom.</param>
    /// <param name="hash">Of what nobody knows.</param>
    /// <param name="isAll">Also what is asked for besides the password, or in place of it: whoever lost all their devices gets in by their mail alone.</param>
    public Task<(Acted Outcome, Target? User)> ResetAsync(long actorId, string account, string hash, bool isAll) =>
        ActAsync(actorId, account, isAll ? Act.ResetAll : Act.Reset, static _ => false, (c, u) =>
            DoneAsync(c,
                $"""
                UPDATE users SET password_hash = @Hash, stamp = @Stamp, updated_at = @Now WHERE id = @Id;
                DELETE FROM sessions WHERE user_id = @Id;
                {(isAll ? "DELETE FROM two_step WHERE user_id = @Id; DELETE FROM passkeys WHERE user_id = @Id;" : "")}
                """, u with { Hash = hash }));

    /// <summary>To whom something is done.</summary>
    internal sealed record Target
    {
        public required long Id { get; init; }
        public required string Email { get; init; }
        public required string Nickname { get; init; }
        public long? DisabledAt { get; init; }
        public bool IsAdmin { get; init; }
        public bool IsActor { get; init; }
        public long Now { get; init; }
        public string Stamp { get; init; } = "";
        public string Hash { get; init; } = "";
    }

    private Task<(Acted Outcome, Target? User)> ActAsync(long actorId, string account, string act, Func<Target, bool> isSo, Func<DbConnection, Target, Task<Acted>> change) =>
        database.WriteAsync(c => ActAsync(c, actorId, account, act, "", isSo, change));

    private async Task<(Acted Outcome, Target? User)> ActAsync(
        DbConnection connection, long actorId, string account, string act, string detail, Func<Target, bool> isSo, Func<DbConnection, Target, Task<Acted>> change)
    {
        var now = clock.Now();
        var user = await connection.QuerySingleOrDefaultAsync<Target>(
            $"SELECT id, email, nickname, disabled_at, is_admin, CASE WHEN id = @actorId THEN 1 ELSE 0 END AS is_actor FROM users WHERE account_key = @key AND {Listed} AND {IsAdmin}",
            new { actorId, key = account.ToUpperInvariant() });
        if (user is null)
            return (Acted.Unknown, null);
        if (isSo(user))
            return (Acted.Same, user);
        var outcome = await change(connection, user with { Now = now, Stamp = Guid.NewGuid().ToString("N") });
        if (outcome == Acted.Done)
            await AuditStore.AddAsync(connection, new AuditEntry { ActorId = actorId, Act = act, UserId = user.Id, Detail = detail }, now);
        return (outcome, user);
    }

    private static async Task<Acted> DoneAsync(DbConnection connection, string sql, Target user)
    {
        await connection.ExecuteAsync(sql, user);
        return Acted.Done;
    }

    private long Ago(TimeSpan span) => clock.Now() - (long)span.TotalMilliseconds;
}
