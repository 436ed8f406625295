using System.Data.Common;
using Dapper;
using WebChat.Live;

namespace WebChat.Contacts;

/// <summary>Somebody who deletes their account is nobody's contact any more: each friendship ends as if they had ended it.</summary>
internal sealed class LeavingContacts(ContactHooks hooks, Connections connections)
{
    public async Task<Action> LeaveAsync(DbConnection connection, long userId, long now)
    {
        var others = (await connection.QueryAsync<(long Id, long IsFriend)>(
            """
            SELECT other_id, CAST(is_friend AS bigint) FROM contacts WHERE owner_id = @userId
            UNION ALL SELECT owner_id, 0 FROM contacts WHERE other_id = @userId
            UNION ALL SELECT to_id, 0 FROM friend_requests WHERE from_id = @userId
            UNION ALL SELECT from_id, 0 FROM friend_requests WHERE to_id = @userId
            """, new { userId })).AsList();
        Action all = static () => { };
        foreach (var friend in others.Where(o => o.IsFriend != 0).Select(o => o.Id).Order())
        {
            foreach (var parted in hooks.Parted)
                all += await parted(connection, userId, friend);
        }
        await connection.ExecuteAsync(
            """
            DELETE FROM contacts WHERE owner_id = @userId OR other_id = @userId;
            DELETE FROM friend_requests WHERE from_id = @userId OR to_id = @userId;
            """, new { userId });
        return all + (() =>
        {
            foreach (var list in new[] { "contacts", "requests", "rooms" })
                connections.Changed(others.Select(o => o.Id).Distinct(), list);
        });
    }
}
