using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Accounts.Announcements;

/// <summary>What administrators say to everybody.</summary>
internal sealed record SiteAnnouncement
{
    public required long Id { get; init; }
    public required string Text { get; init; }
    public required long CreatedAt { get; init; }
    /// <summary>Null is never.</summary>
    public long? ExpiresAt { get; init; }
    public long? WithdrawnAt { get; init; }

    public bool IsGood(long now) => WithdrawnAt is null && (ExpiresAt is null || ExpiresAt > now);
}

internal sealed class AnnouncementStore(Database database)
{
    /// <summary>The last one that was made, whatever has become of it; null where none ever was.</summary>
    public Task<SiteAnnouncement?> LastAsync() =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<SiteAnnouncement>("SELECT id, text, created_at, expires_at, withdrawn_at FROM announcements ORDER BY id DESC LIMIT 1"));

    /// <summary>The last one that a user has put away, or 0.</summary>
    public Task<long> HeardAsync(long userId) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT heard_id FROM users WHERE id = @userId", new { userId }));

    /// <summary>Puts one away for a user, and all before it.</summary>
    /// <returns>False for what is none.</returns>
    public async Task<bool> HearAsync(long userId, long id) =>
        await database.WriteAsync(c => c.ExecuteAsync(
            "UPDATE users SET heard_id = CASE WHEN heard_id < @id THEN @id ELSE heard_id END WHERE id = @userId AND EXISTS (SELECT 1 FROM announcements WHERE id = @id)", new { userId, id })) > 0;
}
