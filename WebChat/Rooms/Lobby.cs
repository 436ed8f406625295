using System.Data.Common;
using Dapper;

namespace WebChat.Rooms;

/// <summary>The one room that everybody is in, from the moment their account is stored.</summary>
internal static class Lobby
{
    /// <summary>Takes a new user in, inside the write that stores them; the first one finds no lobby and makes it.</summary>
    public static async Task JoinAsync(DbConnection connection, long userId, long now)
    {
        var lobby = await connection.QuerySingleOrDefaultAsync<long?>("SELECT number FROM rooms WHERE kind = 0")
            ?? await RoomStore.InsertAsync(connection, RoomKind.Lobby, now);
        await MemberStore.AddAsync(connection, lobby, userId, Role.Member, now);
    }
}
