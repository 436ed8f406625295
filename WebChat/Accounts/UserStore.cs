using System.Data.Common;
using Dapper;
using Microsoft.AspNetCore.Identity;
using WebChat.Accounts.Factors;
using WebChat.Accounts.Invites;
using WebChat.Media;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Accounts;

/// <summary>
/// The users' rows, for Identity's <see cref="UserManager{TUser}"/> and for the pages. Failed sign-ins are not counted here, but by
/// account and address (<see cref="Lockouts"/>), so that nobody can lock another out.
/// </summary>
internal sealed partial class UserStore(Database database, NewUsers newUsers, IdentityErrorDescriber errors, TimeProvider clock) :
    IUserPasswordStore<User>, IUserEmailStore<User>, IUserSecurityStampStore<User>
{
    private readonly PasskeyStore passkeys = new(database, clock);

    private const string Columns =
        "id, account, account_key, email, email_key, password_hash, stamp, stamp AS read_stamp, nickname, sex, signature, picture, language, is_admin, is_bot, disabled_at, created_at, updated_at";

    /// <summary>The error of one whose link is not good any more.</summary>
    public const string InviteGone = nameof(InviteGone);

    /// <summary>Stores a new user. One that founds the chat is refused once there is any other, and one that is invited when the link is used up.</summary>
    public async Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken)
    {
        user.CreatedAt = user.UpdatedAt = clock.Now();
        return await database.WriteAsync(async c =>
        {
            if (user.Founds is not null && await c.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM users)"))
                return IdentityResult.Failed(errors.DefaultError());
            if (await TakenAsync(c, user) is { } taken)
                return IdentityResult.Failed(taken);
            if (user.Invite is { } invite && !await SiteInviteStore.UseAsync(c, invite, user.CreatedAt))
                return IdentityResult.Failed(new IdentityError { Code = InviteGone });
            user.Id = await c.ExecuteScalarAsync<long>(
                """
                INSERT INTO users (account, account_key, email, email_key, password_hash, stamp, nickname, nickname_key, sex, signature, language, is_admin, seen_at, created_at, updated_at)
                VALUES (@Account, @AccountKey, @Email, @EmailKey, @PasswordHash, @Stamp, @Nickname, @NicknameKey, @Sex, @Signature, @Language, CASE WHEN @IsAdmin THEN 1 ELSE 0 END, @CreatedAt, @CreatedAt, @CreatedAt)
                RETURNING id
                """, user);
            if (user.Founds is not null)
                await c.ExecuteAsync("INSERT INTO settings (name, value) VALUES ('site', @Founds) ON CONFLICT (name) DO UPDATE SET value = excluded.value", user);
            foreach (var joined in newUsers.Joined)
                await joined(c, user.Id, user.CreatedAt);
            return IdentityResult.Success;
        });
    }

    /// <summary>Two forms at once may both have passed validation: the writer's queue decides here.</summary>
    private async Task<IdentityError?> TakenAsync(DbConnection c, User user)
    {
        var taken = await c.QuerySingleAsync<Taken>(
            "SELECT EXISTS (SELECT 1 FROM users WHERE account_key = @AccountKey) OR EXISTS (SELECT 1 FROM reserved_accounts WHERE account_key = @AccountKey) AS account, EXISTS (SELECT 1 FROM users WHERE email_key = @EmailKey) AS email", user);
        return taken.Account ? errors.DuplicateUserName(user.Account) : taken.Email ? errors.DuplicateEmail(user.Email) : null;
    }

    /// <summary>Stores a bot, inside the caller's write: no password opens it, no mail reaches it, and it is in no room yet.</summary>
    /// <returns>Its id, or null where somebody is called so.</returns>
    public static async Task<long?> AddBotAsync(DbConnection connection, string name, long now)
    {
        var key = name.ToUpperInvariant();
        if (await connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM users WHERE account_key = @key) OR EXISTS (SELECT 1 FROM reserved_accounts WHERE account_key = @key)", new { key }))
            return null;
        return await connection.ExecuteScalarAsync<long>(
            """
            INSERT INTO users (account, account_key, email, email_key, password_hash, stamp, nickname, nickname_key, is_bot, seen_at, created_at, updated_at)
            VALUES (@name, @key, '', @email, '', '', @name, @nickname, 1, @now, @now, @now) RETURNING id
            """, new { name, key, email = $"BOT {key}", nickname = name.ToLowerInvariant(), now }); // no address, so that no address is it
    }

    /// <summary>Forgets a bot, inside the caller's write. One that has said something, or of which something was said, stays, under an account that nobody can have: its own is free.</summary>
    public static Task RemoveBotAsync(DbConnection connection, long id) =>
        connection.ExecuteAsync(
            """
            DELETE FROM users WHERE id = @id AND is_bot = 1 AND NOT EXISTS (SELECT 1 FROM messages WHERE author_id = @id AND client_id IS NOT NULL)
              AND NOT EXISTS (SELECT 1 FROM cases WHERE user_id = @id) AND NOT EXISTS (SELECT 1 FROM audit WHERE user_id = @id);
            UPDATE users SET account = account || '~' || id, account_key = account_key || '~' || id, email_key = email_key || '~' || id WHERE id = @id AND is_bot = 1;
            """, new { id });

    /// <summary>Stores what Identity itself changes: a hash made anew with today's strength.</summary>
    public async Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        var isStored = await database.WriteAsync(c => c.ExecuteAsync("UPDATE users SET password_hash = @PasswordHash, stamp = @Stamp WHERE id = @Id AND stamp = @ReadStamp AND deleted_at IS NULL", user)) > 0;
        return isStored ? IdentityResult.Success : IdentityResult.Failed(errors.ConcurrencyFailure());
    }

    /// <summary>Stores what the profile page changes, with the new face if there is one.</summary>
    public Task UpdateProfileAsync(User user, NewPicture? face)
    {
        user.UpdatedAt = clock.Now();
        return database.WriteAsync(async c =>
        {
            if (face is not null)
                await PictureStore.AddAsync(c, user.Id, face, user.UpdatedAt);
            await c.ExecuteAsync(
                """
                UPDATE users SET nickname = @Nickname, nickname_key = @NicknameKey, sex = @Sex, signature = @Signature, picture = @Picture, language = @Language, updated_at = @UpdatedAt
                WHERE id = @Id AND deleted_at IS NULL
                """, user);
        });
    }

    /// <summary>A security stamp unlike all others.</summary>
    public static string NewStamp() => Guid.NewGuid().ToString("N");

    /// <summary>Stores a new password and ends every session of the user.</summary>
    /// <param name="user">As read when they showed that they may.</param>
    /// <param name="hash">The password's.</param>
    /// <param name="acting">The session that changes it, where one does: it must live.</param>
    /// <param name="goesOn">What takes its place.</param>
    /// <returns>False when the password was changed after the user was read, or the acting session has ended.</returns>
    public Task<bool> SetPasswordAsync(User user, string hash, string? acting = null, Session? goesOn = null) =>
        database.WriteAsync(async c =>
        {
            if (await c.ExecuteAsync(
                """
                UPDATE users SET password_hash = @hash, stamp = @stamp, updated_at = @now
                WHERE id = @Id AND stamp = @was AND deleted_at IS NULL AND (CAST(@acting AS text) IS NULL OR EXISTS (SELECT 1 FROM sessions s WHERE s.id = @acting AND s.user_id = users.id))
                """, new { user.Id, hash, was = user.Stamp, stamp = NewStamp(), acting, now = clock.Now() }) == 0)
                return false;
            await c.ExecuteAsync("DELETE FROM sessions WHERE user_id = @Id", new { user.Id });
            if (goesOn is not null)
                await SessionStore.AddAsync(c, goesOn);
            return true;
        });

    /// <summary>Stores a new address, unless somebody has it, or the session that changes it has ended.</summary>
    public async Task<bool> SetEmailAsync(long userId, string acting, string email, string key) =>
        await database.WriteAsync(c => c.ExecuteAsync(
            """
            UPDATE users SET email = @email, email_key = @key, updated_at = @now WHERE id = @userId AND deleted_at IS NULL
              AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = @acting AND s.user_id = @userId) AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email_key = @key AND o.id <> @userId)
            """, new { userId, acting, email, key, now = clock.Now() })) > 0;

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Accounts are not deleted.");

    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        long.TryParse(userId, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? FindAsync(id) : Task.FromResult<User?>(null);

    public Task<User?> FindAsync(long id) => OneAsync("id = @key", id);

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => OneAsync("account_key = @key", normalizedUserName);

    public Task<User?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) => OneAsync("email_key = @key", normalizedEmail);

    private Task<User?> OneAsync(string where, object key) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<User>($"SELECT {Columns} FROM users WHERE {where} AND deleted_at IS NULL", new { key }));

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Account);
    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.AccountKey);
    public Task<string?> GetEmailAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);
    public Task<string?> GetNormalizedEmailAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.EmailKey);
    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.PasswordHash);
    public Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Stamp);
    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash.Length > 0);
    public Task<bool> GetEmailConfirmedAsync(User user, CancellationToken cancellationToken) => Task.FromResult(true);
    public Task SetEmailConfirmedAsync(User user, bool confirmed, CancellationToken cancellationToken) => Task.CompletedTask;
    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => Set(() => user.Account = userName ?? "");
    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) => Set(() => user.AccountKey = normalizedName ?? "");
    public Task SetEmailAsync(User user, string? email, CancellationToken cancellationToken) => Set(() => user.Email = email ?? "");
    public Task SetNormalizedEmailAsync(User user, string? normalizedEmail, CancellationToken cancellationToken) => Set(() => user.EmailKey = normalizedEmail ?? "");
    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken) => Set(() => user.PasswordHash = passwordHash ?? "");
    public Task SetSecurityStampAsync(User user, string stamp, CancellationToken cancellationToken) => Set(() => user.Stamp = stamp);

    public void Dispose()
    {
        // The database outlives every store.
    }

    private static Task Set(Action set)
    {
        set();
        return Task.CompletedTask;
    }

    private sealed record Taken
    {
        public bool Account { get; init; }
        public bool Email { get; init; }
    }
}
