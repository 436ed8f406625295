using Dapper;
using WebChat.Accounts.Invites;
using WebChat.Admin.Audit;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Admin.Invites;

/// <summary>A link by which people make an account, as administrators see it. What is in the link itself is not kept.</summary>
internal sealed record SiteInvite
{
    /// <summary>What the token in the link hashes to.</summary>
    public required string Id { get; init; }
    /// <summary>Whose it is: an account.</summary>
    public required string Maker { get; init; }
    public required string Remark { get; init; }
    /// <summary>How many may come by it; null is any number.</summary>
    public long? Uses { get; init; }
    public long Used { get; init; }
    /// <summary>Null is never.</summary>
    public long? ExpiresAt { get; init; }
    public long CreatedAt { get; init; }
}

/// <summary>How something that was done to a link went.</summary>
internal enum InviteActed
{
    Done,
    /// <summary>Who asks is no administrator any more.</summary>
    Forbidden,
    /// <summary>No such link, or none any more.</summary>
    Gone,
    TooMany,
}

/// <summary>Makes and ends the links by which people make an account; each act stands in the audit log.</summary>
internal sealed class AdminInviteStore(Database database, TimeProvider clock)
{
    /// <summary>Links at a time.</summary>
    public const int Most = 200;

    /// <summary>Those that are good, the newest first.</summary>
    public Task<List<SiteInvite>> ListAsync() =>
        database.ReadAsync(async c => (await c.QueryAsync<SiteInvite>(
            $"""
            SELECT i.id, u.account AS maker, i.remark, i.uses, i.used, i.expires_at, i.created_at FROM site_invites i JOIN users u ON u.id = i.made_by
            WHERE {SiteInviteStore.Good} ORDER BY i.created_at DESC, i.id
            """, new { now = clock.Now() })).AsList());

    /// <summary>Makes a link.</summary>
    /// <param name="actorId">Who makes it.</param>
    /// <param name="id">What its token hashes to.</param>
    /// <param name="remark">Whom it is for.</param>
    /// <param name="uses">How many may come by it; null is any number.</param>
    /// <param name="lasts">For how long; null is for ever.</param>
    public Task<InviteActed> AddAsync(long actorId, string id, string remark, int? uses, TimeSpan? lasts) =>
        database.WriteAsync(async c =>
        {
            var now = clock.Now();
            if (!await Administrator.IsAsync(c, actorId))
                return InviteActed.Forbidden;
            await c.ExecuteAsync($"DELETE FROM site_invites AS i WHERE NOT ({SiteInviteStore.Good})", new { now });
            if (await c.ExecuteScalarAsync<long>("SELECT count(*) FROM site_invites") >= Most)
                return InviteActed.TooMany;
            await c.ExecuteAsync(
                "INSERT INTO site_invites (id, made_by, remark, uses, expires_at, created_at) VALUES (@id, @actorId, @remark, @uses, @expiresAt, @now)",
                new { id, actorId, remark, uses, expiresAt = now + (long?)lasts?.TotalMilliseconds, now });
            await AuditStore.AddAsync(c, new AuditEntry { ActorId = actorId, Act = Act.Invite, Detail = remark }, now);
            return InviteActed.Done;
        });

    /// <summary>Ends a link, whoever made it.</summary>
    public Task<InviteActed> RevokeAsync(long actorId, string id) =>
        database.WriteAsync(async c =>
        {
            if (!await Administrator.IsAsync(c, actorId))
                return InviteActed.Forbidden;
            if (await c.QuerySingleOrDefaultAsync<string>("DELETE FROM site_invites WHERE id = @id RETURNING remark", new { id }) is not { } remark)
                return InviteActed.Gone;
            await AuditStore.AddAsync(c, new AuditEntry { ActorId = actorId, Act = Act.RevokeInvite, Detail = remark }, clock.Now());
            return InviteActed.Done;
        });
}
