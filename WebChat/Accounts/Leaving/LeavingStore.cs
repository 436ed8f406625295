using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Accounts.Leaving;

/// <summary>
/// Deletes accounts. The row stays, as nobody's, because history hangs on it; it holds nothing of the person any more. The address is free at once.
/// The account name stays taken: people were called by it, and whoever got it next would be taken for them.
/// </summary>
internal sealed class LeavingStore(Database database, LeavingUsers leaving, TimeProvider clock)
{
    /// <summary>What the row is called from then on. Pages have a word of their language for it.</summary>
    public const string Nickname = "Deleted user";

    /// <summary>True for the account of a row that is nobody's: no person's and no bot's begins so.</summary>
    public static bool IsGone(string account) => account.StartsWith('~');

    /// <summary>Deletes an account, with all that is its own. What was written stays, or is taken back afterwards.</summary>
    /// <returns>False for the last administrator: nobody would be left to make another.</returns>
    public async Task<bool> LeaveAsync(long userId, bool takesBack)
    {
        // The users' row first: only changes touch more than one row, and they are alone.
        var (isDone, _) = await database.WriteAsync(async c =>
        {
            Action afterwards = static () => { };
            var now = clock.Now();
            if (await c.ExecuteAsync(
                """
                INSERT INTO reserved_accounts (account_key) SELECT account_key FROM users WHERE id = @userId AND deleted_at IS NULL
                  AND (is_admin = 0 OR EXISTS (SELECT 1 FROM users o WHERE o.is_admin = 1 AND o.id <> @userId AND o.deleted_at IS NULL AND o.disabled_at IS NULL))
                ON CONFLICT (account_key) DO NOTHING
                """, new { userId }) == 0)
                return (false, afterwards);
            await c.ExecuteAsync(
                """
                DELETE FROM pictures WHERE id = (SELECT picture FROM users WHERE id = @userId);
                UPDATE users SET account = @account, account_key = @account, email = '', email_key = @account, password_hash = '', stamp = '', nickname = @Nickname, nickname_key = '',
                                 sex = 0, signature = '', picture = NULL, language = NULL, is_admin = 0, seen_at = 0, created_at = 0, updated_at = @now, deleted_at = @now
                WHERE id = @userId;
                """, new { userId, account = FormattableString.Invariant($"~{userId}"), Nickname, now });
            foreach (var left in leaving.Left)
                afterwards += await left(c, userId, now);
            await c.ExecuteAsync(
                """
                DELETE FROM sessions WHERE user_id = @userId;
                DELETE FROM push_subscriptions WHERE user_id = @userId;
                DELETE FROM two_step WHERE user_id = @userId;
                DELETE FROM passkeys WHERE user_id = @userId;
                """, new { userId });
            if (takesBack)
                await c.ExecuteAsync("INSERT INTO removals (user_id, created_at) VALUES (@userId, @now)", new { userId, now });
            return (true, afterwards);
        }, static left => left.Item2());
        if (isDone && takesBack)
            leaving.SayRemoving();
        return isDone;
    }

    /// <summary>True while somebody else is an administrator too, or the user is none.</summary>
    public Task<bool> MayLeaveAsync(long userId) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM users u WHERE u.id = @userId AND (u.is_admin = 0 OR EXISTS (SELECT 1 FROM users o WHERE o.is_admin = 1 AND o.id <> @userId AND o.deleted_at IS NULL AND o.disabled_at IS NULL)))", new { userId }));

    /// <summary>True for the account name of somebody who left.</summary>
    public Task<bool> IsReservedAsync(string key) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM reserved_accounts WHERE account_key = @key)", new { key }));
}
