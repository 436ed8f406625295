using Dapper;
using WebChat.Media;
using WebChat.Storage;

namespace WebChat.Accounts;

/// <summary>What the installation is called and known by, and whether anybody lives in it.</summary>
internal sealed record SiteState
{
    public string? Name { get; init; }
    public string? Logo { get; init; }
    public bool IsSetUp { get; init; }
}

internal sealed class SiteStore(Database database)
{
    /// <summary>The rows of the table <c>settings</c> that say it.</summary>
    public const string NameKey = "site";
    public const string LogoKey = "logo";

    public Task<SiteState> FindAsync() =>
        database.ReadAsync(c => c.QuerySingleAsync<SiteState>(
            $"SELECT (SELECT value FROM settings WHERE name = '{NameKey}') AS name, (SELECT value FROM settings WHERE name = '{LogoKey}') AS logo, EXISTS (SELECT 1 FROM users) AS is_set_up"));

    /// <summary>The mark, where this is it: asked by those who are not signed in, who get no other picture.</summary>
    public Task<Picture?> FindLogoAsync(string id) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<Picture>($"SELECT p.type, p.bytes FROM pictures p JOIN settings s ON s.name = '{LogoKey}' AND s.value = p.id WHERE p.id = @id", new { id }));
}
