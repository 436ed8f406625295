using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dapper;
using WebChat.Admin.Audit;
using WebChat.Admin.Users;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Admin.Rooms;

/// <summary>A room, as administrators see all of them.</summary>
internal record ListedRoom
{
    public required long Number { get; init; }
    public RoomKind Kind { get; init; }
    /// <summary>A group's.</summary>
    public string Name { get; init; } = "";
    public string NameKey { get; init; } = "";
    public string? Picture { get; init; }
    public string? OwnerAccount { get; init; }
    public string? OwnerNickname { get; init; }
    /// <summary>People: bots do not count.</summary>
    public required long Members { get; init; }
    /// <summary>Places in its log, notes too: counting what was said would take long.</summary>
    public required long Messages { get; init; }
    public required long CreatedAt { get; init; }
    public required long LastAt { get; init; }
}

/// <summary>The same, by itself.</summary>
internal sealed record RoomDetail : ListedRoom
{
    public string Memo { get; init; } = "";
    /// <summary>Where it begins now: what stood before was deleted for its age.</summary>
    public required long FirstSeq { get; init; }
    public JoinPolicy Joining { get; init; }
    public required long Bots { get; init; }
    public required long Files { get; init; }
    /// <summary>Of its files, with the small pictures beside them.</summary>
    public required long Bytes { get; init; }
}

/// <summary>By what the list of rooms is ordered.</summary>
internal enum RoomOrder
{
    Created,
    Name,
    Last,
    Messages,
    Members,
}

/// <summary>Behind which room a page begins: by what the list is ordered, and its number where two are alike.</summary>
internal sealed record RoomKey(string Value, long Number);

/// <summary>A page of the list, whether there are more, and how many in all.</summary>
internal sealed record RoomPage(IReadOnlyList<ListedRoom> Rooms, bool HasMore, long Count);

/// <summary>Rooms as administrators see them: the groups and the lobby. What two friends have is listed nowhere, and found by its whole number alone.</summary>
internal sealed class AdminRoomStore(Database database, TimeProvider clock)
{
    public const int PageSize = 50;

    private const int ExportPage = 500;
    private const int Digits = 9;

    private const string Columns =
        """
        r.number, r.kind, r.name, r.name_key, r.picture, o.account AS owner_account, o.nickname AS owner_nickname, r.people AS members,
        r.seq AS messages, r.created_at, r.last_at
        """;

    private const string Owned = "rooms r LEFT JOIN users o ON o.id = r.owner_id";

    // As the index of the list says it.
    private const string Listed = "r.kind <> 1 AND r.closed_at IS NULL";

    /// <summary>A page of all rooms, or of those whose name holds some letters, or of the one with that number.</summary>
    public Task<RoomPage> ListAsync(string sought, RoomOrder order, bool isReversed, RoomKey? after) =>
        database.ReadAsync(async c =>
        {
            if (sought.Length == Digits && long.TryParse(sought, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && await c.QuerySingleOrDefaultAsync<ListedRoom>($"SELECT {Columns} FROM {Owned} WHERE r.number = @number AND r.closed_at IS NULL", new { number }) is { } one)
                return new RoomPage([one], HasMore: false, 1);
            var column = order switch { RoomOrder.Name => "name_key", RoomOrder.Last => "last_at", RoomOrder.Messages => "seq", RoomOrder.Members => "people", _ => "created_at" };
            var isDown = isReversed == (order == RoomOrder.Name); // names from A on, all else from the last or the most
            var way = isDown ? "DESC" : "ASC";
            var found = sought.Length == 0 ? "" : @"AND r.name_key LIKE @within ESCAPE '\'";
            object? value = order == RoomOrder.Name ? after?.Value : ValueOf(after);
            var asked = new { within = $"%{Like.Escape(sought.ToLowerInvariant())}%", value, number = after?.Number, most = PageSize + 1 };
            var rooms = (await c.QueryAsync<ListedRoom>(
                // Its numbers first: what is counted of each room is counted for those on the page alone.
                $"""
                SELECT {Columns} FROM (
                    SELECT r.number FROM rooms r WHERE {Listed} {found} {(after is null ? "" : $"AND (r.{column}, r.number) {(isDown ? "<" : ">")} (@value, @number)")}
                    ORDER BY r.{column} {way}, r.number {way} LIMIT @most) AS page
                JOIN rooms r ON r.number = page.number LEFT JOIN users o ON o.id = r.owner_id ORDER BY r.{column} {way}, r.number {way}
                """, asked)).AsList();
            var count = await c.ExecuteScalarAsync<long>($"SELECT count(*) FROM rooms r WHERE {Listed} {found}", asked);
            return new RoomPage(rooms.Count > PageSize ? rooms[..PageSize] : rooms, rooms.Count > PageSize, count);
        });

    /// <summary>Behind which place the next page begins.</summary>
    public static RoomKey KeyOf(ListedRoom room, RoomOrder order) => new(order switch
    {
        RoomOrder.Name => room.NameKey,
        RoomOrder.Last => room.LastAt.ToString(CultureInfo.InvariantCulture),
        RoomOrder.Messages => room.Messages.ToString(CultureInfo.InvariantCulture),
        RoomOrder.Members => room.Members.ToString(CultureInfo.InvariantCulture),
        _ => room.CreatedAt.ToString(CultureInfo.InvariantCulture),
    }, room.Number);

    /// <summary>An open room, of whatever kind; null where there is none.</summary>
    public Task<RoomDetail?> FindAsync(long number) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<RoomDetail>(
            $"""
            SELECT {Columns}, r.memo, r.first_seq, r.joining, (SELECT count(*) FROM bots b WHERE b.room = r.number) AS bots,
                   (SELECT count(*) FROM media f WHERE f.room = r.number) AS files,
                   (SELECT CAST(coalesce(sum(f.bytes + coalesce(f.small_bytes, 0)), 0) AS bigint) FROM media f WHERE f.room = r.number) AS bytes
            FROM {Owned} WHERE r.number = @number AND r.closed_at IS NULL
            """, new { number }));

    /// <summary>A page of its members, those who lead it first; one more is read to know whether there are others.</summary>
    public Task<List<Member>> MembersAsync(long number, int page) =>
        database.ReadAsync(async c => (await c.QueryAsync<Member>(
            """
            SELECT m.user_id, u.account, u.nickname, u.picture, u.is_bot, m.role, x.until_at AS muted_until FROM (
                SELECT room, user_id, role, joined_at FROM members WHERE room = @number ORDER BY role DESC, joined_at, user_id LIMIT @most OFFSET @skip) AS m
            JOIN users u ON u.id = m.user_id LEFT JOIN mutes x ON x.room = m.room AND x.user_id = m.user_id AND x.until_at > @now
            ORDER BY m.role DESC, m.joined_at, m.user_id
            """, new { number, most = PageSize + 1, skip = (long)PageSize * (page - 1), now = clock.Now() })).AsList());

    /// <summary>All that are listed, by their numbers, some at a time.</summary>
    public async IAsyncEnumerable<ListedRoom> AllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var after = 0L; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            var some = await database.ReadAsync(async c => (await c.QueryAsync<ListedRoom>(
                $"SELECT {Columns} FROM {Owned} WHERE {Listed} AND r.number > @after ORDER BY r.number LIMIT @ExportPage", new { after, ExportPage })).AsList());
            foreach (var room in some)
                yield return room;
            if (some.Count < ExportPage)
                yield break;
            after = some[^1].Number;
        }
    }

    /// <summary>Ends a group for everybody in it.</summary>
    /// <returns>Who was in it; null where there is no such group, or who acts is no administrator.</returns>
    public Task<List<long>?> DissolveAsync(long actorId, long number) =>
        database.WriteAsync(async c =>
        {
            var now = clock.Now();
            if (!await c.ExecuteScalarAsync<bool>(
                $"SELECT EXISTS (SELECT 1 FROM rooms r WHERE r.number = @number AND r.kind = 2 AND r.closed_at IS NULL AND {AdminUserStore.IsAdmin})", new { number, actorId }))
                return null;
            var were = await RoomStore.CloseAsync(c, number, now);
            await AuditStore.AddAsync(c, new AuditEntry { ActorId = actorId, Act = Act.Dissolve, Room = number, Detail = were.Count.ToString(CultureInfo.InvariantCulture) }, now);
            return (List<long>?)were;
        });

    private static long? ValueOf(RoomKey? key) => key is null ? null : long.TryParse(key.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
