using Dapper;
using WebChat.Storage;

namespace WebChat.Accounts;

/// <summary>What the installation is called, and whether anybody lives in it.</summary>
internal sealed record SiteState
{
    public string? Name { get; init; }
    public bool IsSetUp { get; init; }
}

internal sealed class SiteStore(Database database)
{
    public Task<SiteState> FindAsync() =>
        database.ReadAsync(c => c.QuerySingleAsync<SiteState>(
            "SELECT (SELECT value FROM settings WHERE name = 'site') AS name, EXISTS (SELECT 1 FROM users) AS is_set_up"));
}
