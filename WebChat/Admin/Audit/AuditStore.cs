using System.Data.Common;
using Dapper;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Admin.Audit;

/// <summary>Something that an administrator does.</summary>
internal sealed record AuditEntry
{
    public required long ActorId { get; init; }
    /// <summary>One of <see cref="Audit.Act"/>.</summary>
    public required string Act { get; init; }
    /// <summary>About whom.</summary>
    public long? UserId { get; init; }
    /// <summary>About which room.</summary>
    public long? Room { get; init; }
    /// <summary>A reason or a count; never what somebody wrote in a room.</summary>
    public string Detail { get; init; } = "";
}

/// <summary>An entry as the page shows it.</summary>
internal sealed record AuditLine
{
    public required long Id { get; init; }
    public required long At { get; init; }
    public required string Act { get; init; }
    public required string Detail { get; init; }
    public required string Actor { get; init; }
    public string? Account { get; init; }
    public long? Room { get; init; }
    /// <summary>A group's name, also of one that is no more.</summary>
    public string RoomName { get; init; } = "";
    public RoomKind RoomKind { get; init; }
}

/// <summary>Which entries are wanted: by whom or about whom, and what was done.</summary>
internal sealed record AuditFilter(long? UserId = null, string? Act = null);

/// <summary>What administrators did. An entry is written in the transaction of what it tells, so that neither is without the other.</summary>
internal sealed class AuditStore(Database database, TimeProvider clock)
{
    public const int PageSize = 50;

    public static Task AddAsync(DbConnection connection, AuditEntry entry, long now) =>
        connection.ExecuteAsync(
            "INSERT INTO audit (at, actor_id, act, user_id, room, detail) VALUES (@now, @ActorId, @Act, @UserId, @Room, @Detail)",
            new { now, entry.ActorId, entry.Act, entry.UserId, entry.Room, entry.Detail });

    /// <summary>The same where the act itself writes nothing.</summary>
    public Task AddAsync(AuditEntry entry) => database.WriteAsync(c => AddAsync(c, entry, clock.Now()));

    /// <summary>The newest entries before a place.</summary>
    public Task<List<AuditLine>> ListAsync(AuditFilter filter, long before, int most) =>
        database.ReadAsync(async c => (await c.QueryAsync<AuditLine>(
            $"""
            SELECT a.id, a.at, a.act, a.detail, a.room, actor.account AS actor, who.account AS account, coalesce(r.name, '') AS room_name, coalesce(r.kind, 2) AS room_kind
            FROM audit a JOIN users actor ON actor.id = a.actor_id LEFT JOIN users who ON who.id = a.user_id LEFT JOIN rooms r ON r.number = a.room
            WHERE a.id < @before
              {(filter.UserId is null ? "" : "AND (a.actor_id = @UserId OR a.user_id = @UserId)")} {(filter.Act is null ? "" : "AND a.act = @Act")}
            ORDER BY a.id DESC LIMIT @most
            """, new { before, most, filter.UserId, filter.Act })).AsList());

    /// <summary>Whose account this is, also of one who is disabled.</summary>
    public Task<long?> FindUserAsync(string account) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<long?>("SELECT id FROM users WHERE account_key = @key AND is_bot = 0 AND deleted_at IS NULL", new { key = account.ToUpperInvariant() }));
}
