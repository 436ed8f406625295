using Dapper;
using WebChat.Shared;
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

/// <summary>How many bytes rows and files of messages take.</summary>
internal sealed record StorageSizes
{
    public required long Database { get; init; }
    public required long Files { get; init; }
}

/// <summary>What there is in the house. Counting is slow where there is much, so it is remembered for a while.</summary>
internal sealed class OverviewStore(Database database, TimeProvider clock)
{
    private readonly Remembered<Overview> overview = new(TimeSpan.FromSeconds(10), clock);
    private readonly Remembered<StorageSizes> sizes = new(TimeSpan.FromMinutes(5), clock);

    public Task<Overview> ReadAsync() =>
        database.ReadAsync(c => c.QuerySingleAsync<Overview>(
            """
            SELECT u.users, u.disabled, u.administrators, r.groups, r.messages
            FROM (SELECT count(*) AS users, CAST(coalesce(sum(CASE WHEN disabled_at IS NOT NULL THEN 1 ELSE 0 END), 0) AS bigint) AS disabled,
                         CAST(coalesce(sum(CASE WHEN is_admin = 1 AND disabled_at IS NULL THEN 1 ELSE 0 END), 0) AS bigint) AS administrators
                  FROM users WHERE is_bot = 0 AND deleted_at IS NULL) u,
                 (SELECT CAST(coalesce(sum(CASE WHEN kind = 2 AND closed_at IS NULL THEN 1 ELSE 0 END), 0) AS bigint) AS groups, CAST(coalesce(sum(seq), 0) AS bigint) AS messages FROM rooms) r
            """));

    /// <summary>The same as it was some seconds ago at most.</summary>
    public Task<Overview> RememberedAsync() => overview.ReadAsync(ReadAsync);

    /// <summary>As it was some minutes ago at most.</summary>
    public Task<StorageSizes> SizesAsync() => sizes.ReadAsync(() =>
        database.ReadAsync(c => c.QuerySingleAsync<StorageSizes>(
            $"SELECT ({database.Size}) AS database, (SELECT CAST(coalesce(sum(bytes + coalesce(small_bytes, 0)), 0) AS bigint) FROM media) AS files")));

    /// <summary>Reads once for all who ask within a time; what failed is asked again.</summary>
    private sealed class Remembered<T>(TimeSpan goodFor, TimeProvider clock)
    {
        private readonly Lock gate = new();
        private Task<T>? last;
        private long at;

        public Task<T> ReadAsync(Func<Task<T>> read)
        {
            lock (gate)
            {
                if (last is null or { IsFaulted: true } or { IsCanceled: true } || clock.Now() - at >= goodFor.TotalMilliseconds)
                    (last, at) = (read(), clock.Now());
                return last;
            }
        }
    }
}
