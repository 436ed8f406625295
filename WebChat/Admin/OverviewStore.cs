using Dapper;
using WebChat.Storage;

namespace WebChat.Admin;

/// <summary>What there is, counted.</summary>
internal sealed record Overview
{
    public required long Users { get; init; }
    public required long Disabled { get; init; }
    public required long Administrators { get; init; }
    public required long Groups { get; init; }
    /// <summary>Places in all rooms, notes too: counting them one by one would take long.</summary>
    public required long Messages { get; init; }
}

internal sealed class OverviewStore(Database database)
{
    public Task<Overview> ReadAsync() =>
        database.ReadAsync(c => c.QuerySingleAsync<Overview>(
            """
            SELECT (SELECT count(*) FROM users WHERE is_bot = 0 AND deleted_at IS NULL) AS users,
                   (SELECT count(*) FROM users WHERE disabled_at IS NOT NULL AND is_bot = 0 AND deleted_at IS NULL) AS disabled,
                   (SELECT count(*) FROM users WHERE is_admin = 1 AND disabled_at IS NULL AND deleted_at IS NULL) AS administrators,
                   (SELECT count(*) FROM rooms WHERE kind = 2 AND closed_at IS NULL) AS groups,
                   (SELECT CAST(coalesce(sum(seq), 0) AS bigint) FROM rooms) AS messages
            """));
}
