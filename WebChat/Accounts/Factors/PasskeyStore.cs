using System.Buffers.Text;
using Dapper;
using Microsoft.AspNetCore.Identity;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Accounts.Factors;

/// <summary>A passkey as its owner sees it.</summary>
internal sealed record Passkey
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required long CreatedAt { get; init; }
    public long? UsedAt { get; init; }
}

/// <summary>The passkeys' rows. A credential is its owner's alone: nothing finds it for another.</summary>
internal sealed class PasskeyStore(Database database, TimeProvider clock)
{
    /// <summary>Passkeys of one user.</summary>
    public const int Most = 20;

    private const string Columns = "id, name, public_key, sign_count, transports, is_verified, is_portable, is_copied, attestation, client_data, created_at";

    public Task<List<Passkey>> ListAsync(long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<Passkey>("SELECT id, name, created_at, used_at FROM passkeys WHERE user_id = @userId ORDER BY created_at DESC, id", new { userId })).AsList());

    /// <summary>Stores a new passkey.</summary>
    /// <returns>False where its owner has as many as one may, or the credential is somebody's.</returns>
    public Task<bool> AddAsync(long userId, UserPasskeyInfo key) =>
        database.WriteAsync(async c =>
            await c.ExecuteScalarAsync<long>("SELECT count(*) FROM passkeys WHERE user_id = @userId", new { userId }) < Most
            && await c.ExecuteAsync(
                """
                INSERT INTO passkeys (id, user_id, name, public_key, sign_count, transports, is_verified, is_portable, is_copied, attestation, client_data, created_at)
                VALUES (@id, @userId, @Name, @PublicKey, @count, @transports, @verified, @portable, @copied, @AttestationObject, @ClientDataJson, @now) ON CONFLICT (id) DO NOTHING
                """, new
                {
                    id = IdOf(key.CredentialId), userId, Name = key.Name ?? "", key.PublicKey, count = (long)key.SignCount, transports = string.Join(',', key.Transports ?? []),
                    verified = key.IsUserVerified ? 1 : 0, portable = key.IsBackupEligible ? 1 : 0, copied = key.IsBackedUp ? 1 : 0, key.AttestationObject, key.ClientDataJson, now = clock.Now(),
                }) == 1);

    /// <summary>
    /// Notes that it was used. A device that counts never counts back: of two answers with the same count one is a copy's. Many do not count, so
    /// an answer to what was asked before the last use is none either: it may be that one, caught and shown again.
    /// </summary>
    /// <returns>False where it is gone, or was used meanwhile.</returns>
    public async Task<bool> UseAsync(long userId, UserPasskeyInfo key, long askedAt) =>
        await database.WriteAsync(c => c.ExecuteAsync(
            """
            UPDATE passkeys SET sign_count = @count, is_copied = @copied, is_verified = @verified, used_at = @now
            WHERE id = @id AND user_id = @userId AND (sign_count < @count OR (sign_count = 0 AND @count = 0)) AND (used_at IS NULL OR used_at < @askedAt)
            """, new { id = IdOf(key.CredentialId), userId, count = (long)key.SignCount, copied = key.IsBackedUp ? 1 : 0, verified = key.IsUserVerified ? 1 : 0, askedAt, now = clock.Now() })) > 0;

    /// <returns>What it was called; null where the user has no such passkey.</returns>
    public Task<string?> RemoveAsync(long userId, string id) =>
        database.WriteAsync(c => c.QuerySingleOrDefaultAsync<string?>("DELETE FROM passkeys WHERE id = @id AND user_id = @userId RETURNING name", new { id, userId }));

    public async Task<IList<UserPasskeyInfo>> FindAllAsync(long userId) =>
        [.. (await database.ReadAsync(c => c.QueryAsync<Row>($"SELECT {Columns} FROM passkeys WHERE user_id = @userId", new { userId }))).Select(r => r.Info)];

    public async Task<UserPasskeyInfo?> FindAsync(long userId, byte[] credentialId) =>
        (await database.ReadAsync(c => c.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM passkeys WHERE user_id = @userId AND id = @id", new { userId, id = IdOf(credentialId) })))?.Info;

    public Task<long?> FindOwnerAsync(byte[] credentialId) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<long?>("SELECT user_id FROM passkeys WHERE id = @id", new { id = IdOf(credentialId) }));

    public static string IdOf(byte[] credentialId) => Base64Url.EncodeToString(credentialId);

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string Name { get; init; }
        public required byte[] PublicKey { get; init; }
        public required long SignCount { get; init; }
        public required string Transports { get; init; }
        public required bool IsVerified { get; init; }
        public required bool IsPortable { get; init; }
        public required bool IsCopied { get; init; }
        public required byte[] Attestation { get; init; }
        public required byte[] ClientData { get; init; }
        public required long CreatedAt { get; init; }

        public UserPasskeyInfo Info => new(
            Base64Url.DecodeFromChars(Id), PublicKey, DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt), checked((uint)SignCount),
            Transports.Split(',', StringSplitOptions.RemoveEmptyEntries), IsVerified, IsPortable, IsCopied, Attestation, ClientData) { Name = Name };
    }
}
