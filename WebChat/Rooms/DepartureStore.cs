using System.Data.Common;
using Dapper;
using WebChat.Live;
using WebChat.Storage;

namespace WebChat.Rooms;

/// <summary>
/// Takes somebody who deletes their account out of all rooms, inside the write that does. A group of theirs goes to its oldest administrator, else
/// to its oldest member, who may come in, so that those who are in it stay together; with nobody in it but bots it ends.
/// </summary>
internal sealed class DepartureStore(Database database, RoomLog log, RoomFeed feed, Connections connections)
{
    public async Task<Action> LeaveAsync(DbConnection connection, long userId, long now)
    {
        // In order of their numbers, as everybody who locks several.
        var rooms = (await connection.QueryAsync<Place>(
            $"SELECT r.number, r.kind, m.role FROM members m JOIN rooms r ON r.number = m.room AND r.closed_at IS NULL WHERE m.user_id = @userId ORDER BY r.number {database.ForUpdate("r")}", new { userId })).AsList();
        List<StoredMessage> notes = [];
        List<long> told = [], closed = [];
        await connection.ExecuteAsync(
            """
            DELETE FROM join_requests WHERE user_id = @userId;
            DELETE FROM invites WHERE made_by = @userId;
            DELETE FROM mutes WHERE user_id = @userId;
            """, new { userId });
        foreach (var room in rooms)
        {
            var heir = room.Role == Role.Owner ? await HeirAsync(connection, room.Number, userId) : null;
            if (room.Kind == RoomKind.Group)
                told.AddRange(await connection.QueryAsync<long>("SELECT user_id FROM members WHERE room = @Number AND user_id <> @userId", new { room.Number, userId }));
            await MemberStore.RemoveAsync(connection, room.Number, userId);
            if (room.Kind != RoomKind.Group)
                continue;
            if (room.Role == Role.Owner && heir is null)
            {
                await connection.ExecuteAsync("UPDATE rooms SET closed_at = @now WHERE number = @Number", new { room.Number, now });
                await MemberStore.DeleteAllAsync(connection, room.Number);
                closed.Add(room.Number);
                continue;
            }
            notes.Add((await log.NoteAsync(connection, room.Number, userId, RoomNote.Left, now))!);
            if (heir is null)
                continue;
            await connection.ExecuteAsync(
                """
                UPDATE rooms SET owner_id = @Id WHERE number = @Number;
                UPDATE members SET role = 2 WHERE room = @Number AND user_id = @Id;
                DELETE FROM mutes WHERE room = @Number AND user_id = @Id;
                """, new { heir.Id, room.Number });
            notes.Add((await log.NoteAsync(connection, room.Number, userId, $"{RoomNote.HandedOver} {heir.Nickname}", now))!);
        }
        return () =>
        {
            notes.ForEach(feed.Publish);
            closed.ForEach(connections.CloseRoom);
            connections.Changed(told.Distinct(), "rooms");
        };
    }

    private static Task<Heir?> HeirAsync(DbConnection connection, long room, long userId) =>
        connection.QuerySingleOrDefaultAsync<Heir>(
            """
            SELECT u.id, u.nickname FROM members m JOIN users u ON u.id = m.user_id AND u.is_bot = 0
            WHERE m.room = @room AND m.user_id <> @userId ORDER BY CASE WHEN u.disabled_at IS NULL THEN 0 ELSE 1 END, m.role DESC, m.joined_at, m.user_id LIMIT 1
            """, new { room, userId });

    private sealed record Place
    {
        public required long Number { get; init; }
        public RoomKind Kind { get; init; }
        public Role Role { get; init; }
    }

    private sealed record Heir
    {
        public required long Id { get; init; }
        public required string Nickname { get; init; }
    }
}
