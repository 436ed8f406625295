using System.Data.Common;
using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Rooms;

/// <summary>A link by which people come into a group. What is in the link itself is not kept.</summary>
internal sealed record Invite
{
    /// <summary>By which it is found: what the token in the link hashes to.</summary>
    public required string Id { get; init; }
    public required long MadeBy { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    /// <summary>How many may come by it; null is any number.</summary>
    public long? Uses { get; init; }
    public long Used { get; init; }
    /// <summary>Null is never.</summary>
    public long? ExpiresAt { get; init; }
    public long CreatedAt { get; init; }
}

/// <summary>What one who was invited sees of a group.</summary>
internal sealed record InvitedTo
{
    public long Number { get; init; }
    public required string Name { get; init; }
    public required string Memo { get; init; }
    public string? Picture { get; init; }
    public long Members { get; init; }
    public bool IsMember { get; init; }
}

/// <summary>How making a link went.</summary>
internal enum InviteOutcome
{
    Made,
    Unknown,
    Forbidden,
    TooMany,
}

/// <summary>
/// Invite links. A link is worth what its maker may do: it ends when they leave, or may not invite any more. Whatever is wrong with
/// one, whoever shows it, it is no link.
/// </summary>
internal sealed class InviteStore(Database database, RoomNotes notes, TimeProvider clock)
{
    /// <summary>Links of one group at a time.</summary>
    public const int Most = 50;

    /// <summary>Of them, links of one member who does not lead it.</summary>
    public const int MostOfMember = 5;

    private const string IsGood = "(i.expires_at IS NULL OR i.expires_at > @now) AND (i.uses IS NULL OR i.used < i.uses)";

    private const string HasEnded = "(expires_at <= @now OR used >= uses)";

    /// <summary>The good links of a group, the newest first: all for those who lead it, one's own for who may invite, none for others.</summary>
    public Task<List<Invite>> ListAsync(long number, long userId) =>
        database.ReadAsync(async c =>
        {
            var now = clock.Now();
            if (await MemberStore.StandingAsync(c, number, userId, now) is not { } me || !me.May(RoomAction.Invite))
                return [];
            var madeBy = me.May(RoomAction.ManageInvites) ? (long?)null : userId;
            return (await c.QueryAsync<Invite>(
                $"""
                SELECT i.id, i.made_by, u.account, u.nickname, i.uses, i.used, i.expires_at, i.created_at FROM invites i JOIN users u ON u.id = i.made_by
                WHERE i.room = @number AND i.made_by = coalesce(@madeBy, i.made_by) AND {IsGood} ORDER BY i.created_at DESC, i.id
                """, new { number, madeBy, now })).AsList();
        });

    /// <summary>Makes a link.</summary>
    /// <param name="number">To which group.</param>
    /// <param name="userId">Who makes it.</param>
    /// <param name="id">What its token hashes to.</param>
    /// <param name="uses">How many may come by it; null is any number.</param>
    /// <param name="lasts">For how long, in milliseconds; null is for ever.</param>
    public Task<InviteOutcome> AddAsync(long number, long userId, string id, int? uses, long? lasts) =>
        database.WriteAsync(async c =>
        {
            var now = clock.Now();
            if (await MemberStore.StandingAsync(c, number, userId, now) is not { Role: not null } me)
                return InviteOutcome.Unknown;
            if (!me.May(RoomAction.Invite))
                return InviteOutcome.Forbidden;
            await c.ExecuteAsync($"DELETE FROM invites WHERE room = @number AND {HasEnded}", new { number, now });
            if (await c.ExecuteScalarAsync<long>("SELECT count(*) FROM invites WHERE room = @number", new { number }) >= Most
                || (!me.May(RoomAction.ManageInvites) && await c.ExecuteScalarAsync<long>("SELECT count(*) FROM invites WHERE room = @number AND made_by = @userId", new { number, userId }) >= MostOfMember))
                return InviteOutcome.TooMany;
            await c.ExecuteAsync(
                "INSERT INTO invites (id, room, made_by, uses, expires_at, created_at) VALUES (@id, @number, @userId, @uses, @expiresAt, @now)",
                new { id, number, userId, uses, expiresAt = now + lasts, now });
            return InviteOutcome.Made;
        });

    /// <summary>Ends a link, by its maker or by those who lead the group.</summary>
    /// <returns>Done, Gone where there is no such link, or why not.</returns>
    public Task<MemberOutcome> RevokeAsync(long number, long userId, string id) =>
        database.WriteAsync(async c =>
        {
            if (await MemberStore.StandingAsync(c, number, userId, clock.Now()) is not { Role: not null } me)
                return MemberOutcome.Unknown;
            if (await c.QuerySingleOrDefaultAsync<long?>("SELECT made_by FROM invites WHERE id = @id AND room = @number", new { id, number }) is not { } maker)
                return me.May(RoomAction.Invite) ? MemberOutcome.Gone : MemberOutcome.Forbidden;
            if (maker != userId && !me.May(RoomAction.ManageInvites))
                return MemberOutcome.Forbidden;
            await c.ExecuteAsync("DELETE FROM invites WHERE id = @id", new { id });
            return MemberOutcome.Done;
        });

    /// <summary>The group that a link leads to.</summary>
    /// <returns>Null for what is no link, or none any more.</returns>
    public Task<InvitedTo?> FindAsync(string id, long userId) =>
        database.ReadAsync(async c =>
        {
            var now = clock.Now();
            return await FindGoodAsync(c, id, now) is not { } room ? null : await c.QuerySingleOrDefaultAsync<InvitedTo>(
                $"""
                SELECT r.number, r.name, r.memo, r.picture, r.people AS members,
                       EXISTS (SELECT 1 FROM members me WHERE me.room = r.number AND me.user_id = @userId) AS is_member
                FROM rooms r WHERE r.number = @room AND r.closed_at IS NULL
                """, new { room, userId });
        });

    /// <summary>Comes into a group by a link, whatever its policy is. Each who comes is counted; who is in already is not.</summary>
    /// <param name="id">The link's.</param>
    /// <param name="userId">Who comes.</param>
    /// <param name="most">Members a group may have; 0 is no limit.</param>
    /// <param name="committed">Publishes the note.</param>
    /// <returns>The group, and how it went; Unknown for what is no link, or none any more.</returns>
    public Task<(long Room, JoinOutcome Outcome)> UseAsync(string id, long userId, int most, Action<StoredMessage> committed) =>
        notes.WriteAsync(committed, async c =>
        {
            var now = clock.Now();
            if (await FindGoodAsync(c, id, now) is not { } room || await MemberStore.StandingAsync(c, room, userId, now) is not { Kind: RoomKind.Group } who)
                return new Noted<(long, JoinOutcome)>((0, JoinOutcome.Unknown));
            if (who.Role is not null)
                return new Noted<(long, JoinOutcome)>((room, JoinOutcome.AlreadyIn));
            if (await MemberStore.EnterAsync(c, room, userId, most, now) is { } refused)
                return new Noted<(long, JoinOutcome)>((room, refused));
            await c.ExecuteAsync("UPDATE invites SET used = used + 1 WHERE id = @id", new { id });
            return new Noted<(long, JoinOutcome)>((room, JoinOutcome.Joined), await notes.AddAsync(c, room, userId, RoomNote.Invited, now));
        });

    private static async Task<long?> FindGoodAsync(DbConnection connection, string id, long now) =>
        await connection.QuerySingleOrDefaultAsync<Link>($"SELECT i.room, i.made_by FROM invites i JOIN users u ON u.id = i.made_by AND u.disabled_at IS NULL WHERE i.id = @id AND {IsGood}", new { id, now }) is { } link &&
        await MemberStore.StandingAsync(connection, link.Room, link.MadeBy, now) is { } maker && maker.May(RoomAction.Invite)
            ? link.Room : null;

    private sealed record Link
    {
        public long Room { get; init; }
        public long MadeBy { get; init; }
    }
}
