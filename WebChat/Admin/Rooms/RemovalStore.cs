using System.Globalization;
using Dapper;
using WebChat.Admin.Audit;
using WebChat.Admin.Reports;
using WebChat.Messages;
using WebChat.Shared;

namespace WebChat.Admin.Rooms;

/// <summary>Takes messages out of rooms, with the line of it in the audit log; readers see it go.</summary>
internal sealed class RemovalStore(ChangeStore changes, TimeProvider clock)
{
    /// <summary>Removes a message for who looks into its room. What was reported of it is dealt with by that.</summary>
    public async Task<ChangeOutcome> RemoveAsync(long actorId, long room, long seq)
    {
        var now = clock.Now();
        var changed = await changes.RemoveAsync(actorId, room, seq, now, async (c, message) =>
        {
            if (!await c.ExecuteScalarAsync<bool>($"SELECT {Looking.Into("@room")}", new { userId = actorId, room, since = Looking.Since(now) }))
                return false;
            await CaseStore.CloseMessageAsync(c, actorId, room, seq, now);
            await AuditStore.AddAsync(c, Entry(actorId, message, ""), now);
            return true;
        });
        return changed.Outcome;
    }

    /// <summary>How the removal of a message stands in the log: whose it was, and its place.</summary>
    public static AuditEntry Entry(long actorId, WebChat.Rooms.StoredMessage message, string note) => new()
    {
        ActorId = actorId, Act = Act.RemoveMessage, UserId = message.AuthorId, Room = message.Room, Detail = string.Create(CultureInfo.InvariantCulture, $"#{message.Seq} {note}").TrimEnd(),
    };
}
