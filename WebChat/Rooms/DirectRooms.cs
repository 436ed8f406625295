using System.Data.Common;
using Dapper;
using WebChat.Contacts;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>
/// The one room of two friends: opened in the write that makes them friends, closed in the one that parts them. Its pair key is
/// unique among open rooms, so two people can never get two.
/// </summary>
internal sealed class DirectRooms(RoomLog log, RoomFeed feed, Connections connections, TimeProvider clock)
{
    private static readonly Action Nothing = static () => { };

    /// <summary>Makes this follow the friendships.</summary>
    public void Follow(ContactHooks contacts)
    {
        contacts.Befriended.Add(OpenAsync);
        contacts.Parted.Add(CloseAsync);
        contacts.Blocked.Add(HideAsync);
        contacts.Unblocked.Add(ShowAsync);
    }

    /// <summary>The same for both, whoever comes first.</summary>
    public static string PairKey(long one, long other) => FormattableString.Invariant($"{Math.Min(one, other)}:{Math.Max(one, other)}");

    private async Task<Action> OpenAsync(DbConnection connection, long userId, long otherId)
    {
        var now = clock.Now();
        var room = await RoomStore.InsertAsync(connection, RoomKind.Direct, now, PairKey(userId, otherId));
        await MemberStore.AddAsync(connection, room, userId, Role.Member, now);
        await MemberStore.AddAsync(connection, room, otherId, Role.Member, now);
        var note = await log.NoteAsync(connection, room, userId, RoomNote.Friends, now);
        // That they are friends is told otherwise; the first unread message is one that somebody wrote.
        await connection.ExecuteAsync(
            """
            UPDATE members SET read_seq = (SELECT seq FROM rooms WHERE number = @room) WHERE room = @room;
            UPDATE members SET until_seq = read_seq WHERE room = @room AND EXISTS (
                SELECT 1 FROM contacts WHERE owner_id = members.user_id AND blocked_at IS NOT NULL AND other_id IN (@userId, @otherId));
            """, new { room, userId, otherId });
        return note is null ? Nothing : () => feed.Publish(note);
    }

    private async Task<Action> CloseAsync(DbConnection connection, long userId, long otherId)
    {
        if (await FindAsync(connection, userId, otherId) is not { } room)
            return Nothing;
        await connection.ExecuteAsync("UPDATE rooms SET closed_at = @now, pair_key = NULL WHERE number = @room", new { room, now = clock.Now() });
        await MemberStore.DeleteAllAsync(connection, room);
        return () => connections.CloseRoom(room);
    }

    /// <summary>The one who blocks sees the room as it is now, until they unblock; the other sees no difference.</summary>
    private async Task<Action> HideAsync(DbConnection connection, long userId, long otherId)
    {
        if (await FindAsync(connection, userId, otherId) is not { } room)
            return Nothing;
        await connection.ExecuteAsync(
            "UPDATE members SET until_seq = (SELECT seq FROM rooms WHERE number = @room) WHERE room = @room AND user_id = @userId", new { room, userId });
        return () => connections.CloseRoom(userId, room);
    }

    private async Task<Action> ShowAsync(DbConnection connection, long userId, long otherId)
    {
        await connection.ExecuteAsync(
            "UPDATE members SET until_seq = NULL WHERE user_id = @userId AND room = (SELECT number FROM rooms WHERE pair_key = @pair)",
            new { userId, pair = PairKey(userId, otherId) });
        return Nothing;
    }

    private static Task<long?> FindAsync(DbConnection connection, long userId, long otherId) =>
        connection.QuerySingleOrDefaultAsync<long?>("SELECT number FROM rooms WHERE pair_key = @pair", new { pair = PairKey(userId, otherId) });
}
