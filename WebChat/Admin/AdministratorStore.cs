using Dapper;
using WebChat.Storage;

namespace WebChat.Admin;

/// <summary>Who is an administrator at this moment.</summary>
internal sealed class AdministratorStore(Database database)
{
    /// <summary>True for a session that has proved its password since a moment.</summary>
    public Task<bool> IsProvedAsync(string session, long since) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM sessions WHERE id = @session AND proved_at >= @since)", new { session, since }));

    /// <summary>Those of them who are.</summary>
    public async Task<HashSet<long>> AmongAsync(IReadOnlyCollection<long> users) =>
        [.. await database.ReadAsync(c => c.QueryAsync<long>($"SELECT id FROM users WHERE {database.In("id", "@users")} AND is_admin = 1 AND disabled_at IS NULL AND deleted_at IS NULL", new { users }))];
}
