using Dapper;
using WebChat.Admin.Audit;
using WebChat.Admin.Users;
using WebChat.Messages;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Admin.Rooms;

/// <summary>Why an administrator reads in a room, and since when.</summary>
internal sealed record Look(string Reason, long At)
{
    public long Until => At + (long)Looking.Lasts.TotalMilliseconds;
}

/// <summary>What a message said before it was edited.</summary>
internal sealed record EarlierWords(string Body, long UntilAt);

/// <summary>
/// What was said in a room, for an administrator who has said why they read it. Each statement asks for that line of the audit log itself: without
/// it there is nothing to be seen.
/// </summary>
internal sealed class LookStore(Database database, TimeProvider clock)
{
    private static readonly string Looked =
        $"""
        FROM messages m
        JOIN rooms r ON r.number = m.room AND r.closed_at IS NULL
        {MessageStore.Around}
        WHERE m.room = @room AND {Looking.Into("@room")}
        """;

    /// <summary>Writes down why, before anything is shown.</summary>
    /// <returns>False where there is no such room, or who asks is no administrator.</returns>
    public async Task<bool> BeginAsync(long userId, long room, string reason) =>
        await database.WriteAsync(c => c.ExecuteAsync(
            $"""
            INSERT INTO audit (at, actor_id, act, room, detail)
            SELECT @now, @actorId, '{Act.Look}', @room, @reason WHERE {AdminUserStore.IsAdmin} AND EXISTS (SELECT 1 FROM rooms WHERE number = @room AND closed_at IS NULL)
            """, new { now = clock.Now(), actorId = userId, room, reason })) > 0;

    /// <summary>The reason that is good now; null where there is none.</summary>
    public Task<Look?> FindAsync(long userId, long room) =>
        database.ReadAsync(c => c.QueryFirstOrDefaultAsync<Look>(
            $"SELECT a.detail AS reason, a.at FROM audit a WHERE a.room = @room AND a.actor_id = @userId AND a.act = '{Act.Look}' AND a.at > @since AND {Looking.Into("@room")} ORDER BY a.at DESC, a.id DESC LIMIT 1",
            new { userId, room, since = Looking.Since(clock.Now()) }));

    /// <summary>The newest messages before a place; ascending by <c>seq</c>.</summary>
    public async Task<IReadOnlyList<StoredMessage>> BeforeAsync(long userId, long room, long before, int most)
    {
        var page = await ListAsync("AND m.seq < @place ORDER BY m.seq DESC LIMIT @most", userId, room, before, most);
        page.Reverse();
        return page;
    }

    /// <summary>The oldest messages after a place, ascending by <c>seq</c>.</summary>
    public Task<List<StoredMessage>> AfterAsync(long userId, long room, long after, int most) =>
        ListAsync("AND m.seq > @place ORDER BY m.seq LIMIT @most", userId, room, after, most);

    /// <summary>One of them, or null.</summary>
    public async Task<StoredMessage?> MessageAsync(long userId, long room, long seq) => (await ListAsync("AND m.seq = @place LIMIT @most", userId, room, seq, 1)).SingleOrDefault();

    /// <summary>What it said before each of its edits, the first wording first.</summary>
    public Task<List<EarlierWords>> EarlierAsync(long userId, long room, long seq) =>
        database.ReadAsync(async c => (await c.QueryAsync<EarlierWords>(
            $"SELECT e.body, e.until_at FROM edits e WHERE e.room = @room AND e.seq = @seq AND {Looking.Into("@room")} ORDER BY e.rev",
            new { userId, room, seq, since = Looking.Since(clock.Now()) })).AsList());

    private Task<List<StoredMessage>> ListAsync(string which, long userId, long room, long place, int most) =>
        database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            $"SELECT {MessageStore.Columns} {Looked} {which}", new { userId, room, place, most, since = Looking.Since(clock.Now()) })).AsList());
}
