using System.Data.Common;
using Dapper;
using WebChat.Accounts;
using WebChat.Rooms;

namespace WebChat.Messages.Bots;

/// <summary>The bots of somebody who deletes their account go with them: nobody else has their keys.</summary>
internal sealed class LeavingBots(RoomLog log, RoomFeed feed)
{
    public async Task<Action> LeaveAsync(DbConnection connection, long userId, long now)
    {
        List<StoredMessage> notes = [];
        foreach (var (bot, room, name) in (await connection.QueryAsync<(long, long, string)>(
            "SELECT b.user_id, b.room, u.account FROM bots b JOIN users u ON u.id = b.user_id WHERE b.made_by = @userId ORDER BY b.room, b.user_id", new { userId })).AsList())
        {
            await MemberStore.RemoveAsync(connection, room, bot);
            await connection.ExecuteAsync("DELETE FROM bots WHERE user_id = @bot", new { bot });
            await UserStore.RemoveBotAsync(connection, bot);
            if (await log.NoteAsync(connection, room, userId, $"{RoomNote.BotRemoved} {name}", now) is { } note)
                notes.Add(note);
        }
        return () => notes.ForEach(feed.Publish);
    }
}
