using System.Data.Common;
using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Accounts.Invites;

/// <summary>
/// The links by which people make an account while only those who are invited can. A link ends when its maker is no administrator any more.
/// Whatever is wrong with one, it is no link.
/// </summary>
internal sealed class SiteInviteStore(Database database, TimeProvider clock)
{
    /// <summary>Of a link <c>i</c>, at the moment <c>now</c>.</summary>
    public const string Good =
        """
        (i.expires_at IS NULL OR i.expires_at > @now) AND (i.uses IS NULL OR i.used < i.uses)
        AND EXISTS (SELECT 1 FROM users m WHERE m.id = i.made_by AND m.is_admin = 1 AND m.disabled_at IS NULL AND m.deleted_at IS NULL)
        """;

    public Task<bool> IsGoodAsync(string id) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<bool>($"SELECT EXISTS (SELECT 1 FROM site_invites i WHERE i.id = @id AND {Good})", new { id, now = clock.Now() }));

    /// <summary>Counts somebody who comes by it, inside the write that lets them in.</summary>
    /// <returns>False for what is no link, or none any more.</returns>
    public static async Task<bool> UseAsync(DbConnection connection, string id, long now) =>
        await connection.ExecuteAsync($"UPDATE site_invites AS i SET used = used + 1 WHERE i.id = @id AND {Good}", new { id, now }) > 0;
}
