using Dapper;
using WebChat.Admin.Audit;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Admin.Announcements;

/// <summary>How saying something to everybody, or taking it back, went.</summary>
internal enum AnnouncementActed
{
    Done,
    /// <summary>Who asks is no administrator any more.</summary>
    Forbidden,
    /// <summary>It was taken back, or another took its place.</summary>
    Gone,
}

/// <summary>Says something to everybody, in place of what was said before; each act stands in the audit log, and the words with it: they were said to everybody.</summary>
internal sealed class AdminAnnouncementStore(Database database, TimeProvider clock)
{
    private const int LongestDetail = 200;

    /// <summary>Says it.</summary>
    /// <param name="actorId">Who does.</param>
    /// <param name="text">What.</param>
    /// <param name="lasts">For how long; null is until it is withdrawn.</param>
    public Task<AnnouncementActed> AddAsync(long actorId, string text, TimeSpan? lasts) =>
        database.WriteAsync(async c =>
        {
            var now = clock.Now();
            if (!await Administrator.IsAsync(c, actorId))
                return AnnouncementActed.Forbidden;
            await c.ExecuteAsync("INSERT INTO announcements (made_by, text, created_at, expires_at) VALUES (@actorId, @text, @now, @expiresAt)", new { actorId, text, now, expiresAt = now + (long?)lasts?.TotalMilliseconds });
            var detail = text.Length <= LongestDetail ? text : UserText.Beginning(text, LongestDetail) + "…";
            await AuditStore.AddAsync(c, new AuditEntry { ActorId = actorId, Act = Act.Announce, Detail = detail }, now);
            return AnnouncementActed.Done;
        });

    /// <summary>Takes back what is said now.</summary>
    public Task<AnnouncementActed> WithdrawAsync(long actorId, long id) =>
        database.WriteAsync(async c =>
        {
            var now = clock.Now();
            if (!await Administrator.IsAsync(c, actorId))
                return AnnouncementActed.Forbidden;
            if (await c.ExecuteAsync("UPDATE announcements SET withdrawn_at = @now WHERE id = @id AND withdrawn_at IS NULL AND id = (SELECT max(id) FROM announcements)", new { id, now }) == 0)
                return AnnouncementActed.Gone;
            await AuditStore.AddAsync(c, new AuditEntry { ActorId = actorId, Act = Act.Withdraw }, now);
            return AnnouncementActed.Done;
        });
}
