using System.Data.Common;
using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Accounts.Factors;

/// <summary>That somebody is asked for a code after the password.</summary>
internal sealed record TwoStepState
{
    public required string Secret { get; init; }
    /// <summary>Since when.</summary>
    public required long CreatedAt { get; init; }
    /// <summary>Recovery codes that were not used.</summary>
    public required int Left { get; init; }
}

/// <summary>The second steps' rows. What may be used once is used by the statement that finds it.</summary>
internal sealed class TwoStepStore(Database database, TimeProvider clock)
{
    /// <returns>Null where the password alone lets in.</returns>
    public Task<TwoStepState?> FindAsync(long userId) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<TwoStepState>(
            "SELECT secret, created_at, (SELECT count(*) FROM recovery_codes r WHERE r.user_id = t.user_id) AS left FROM two_step t WHERE t.user_id = @userId", new { userId }));

    /// <summary>Turns it on, with the code that proved it used up.</summary>
    /// <returns>False when it is on already: nothing changed.</returns>
    public Task<bool> AddAsync(long userId, string secret, long step, IReadOnlyCollection<string> hashes) =>
        database.WriteAsync(async c =>
        {
            if (await c.ExecuteAsync(
                "INSERT INTO two_step (user_id, secret, last_step, created_at) VALUES (@userId, @secret, @step, @now) ON CONFLICT (user_id) DO NOTHING",
                new { userId, secret, step, now = clock.Now() }) == 0)
                return false;
            await AddCodesAsync(c, userId, hashes);
            return true;
        });

    /// <summary>Takes the code of a time step, once, and none of an earlier step after it.</summary>
    public async Task<bool> TakeStepAsync(long userId, long step) =>
        await database.WriteAsync(c => c.ExecuteAsync("UPDATE two_step SET last_step = @step WHERE user_id = @userId AND last_step < @step", new { userId, step })) > 0;

    /// <summary>Uses a recovery code up.</summary>
    public async Task<bool> TakeRecoveryAsync(long userId, string hash) =>
        await database.WriteAsync(c => c.ExecuteAsync("DELETE FROM recovery_codes WHERE user_id = @userId AND hash = @hash", new { userId, hash })) > 0;

    /// <summary>Puts new recovery codes in place of all others.</summary>
    /// <returns>False where the password alone lets in.</returns>
    public Task<bool> RenewAsync(long userId, IReadOnlyCollection<string> hashes) =>
        database.WriteAsync(async c =>
        {
            if (!await c.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM two_step WHERE user_id = @userId)", new { userId }))
                return false;
            await c.ExecuteAsync("DELETE FROM recovery_codes WHERE user_id = @userId", new { userId });
            await AddCodesAsync(c, userId, hashes);
            return true;
        });

    public async Task<bool> RemoveAsync(long userId) =>
        await database.WriteAsync(c => c.ExecuteAsync("DELETE FROM two_step WHERE user_id = @userId", new { userId })) > 0;

    private static Task<int> AddCodesAsync(DbConnection connection, long userId, IEnumerable<string> hashes) =>
        connection.ExecuteAsync("INSERT INTO recovery_codes (user_id, hash) VALUES (@userId, @hash)", hashes.Select(hash => new { userId, hash }));
}
