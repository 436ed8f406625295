using System.Data.Common;
using Dapper;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>What one member does to another: the rights of both are looked at in the write itself.</summary>
internal sealed class MemberDeedStore(RoomNotes notes, TimeProvider clock)
{
    /// <summary>Two times to mute until that are nearer than this, in milliseconds, are one that was sent twice.</summary>
    private const long SameTime = 60_000;

    /// <summary>Puts a member out of a group, by somebody above them in it.</summary>
    public Task<MemberOutcome> RemoveAsync(long number, long userId, long memberId, Action<StoredMessage> committed) =>
        ActAsync(RoomAction.Remove, number, userId, memberId, committed, async (c, who, _) =>
        {
            await MemberStore.EndAsync(c, number, memberId);
            return $"{RoomNote.Removed} {who.Nickname}";
        });

    /// <summary>Makes a member an administrator. Nothing keeps them from writing then.</summary>
    public Task<MemberOutcome> PromoteAsync(long number, long userId, long memberId, Action<StoredMessage> committed) =>
        ActAsync(RoomAction.Promote, number, userId, memberId, committed, async (c, who, _) =>
        {
            await SetRoleAsync(c, number, memberId, Role.Administrator);
            return $"{RoomNote.Promoted} {who.Nickname}";
        });

    /// <summary>Makes an administrator a member like others.</summary>
    public Task<MemberOutcome> DemoteAsync(long number, long userId, long memberId, Action<StoredMessage> committed) =>
        ActAsync(RoomAction.Demote, number, userId, memberId, committed, async (c, who, _) =>
        {
            await c.ExecuteAsync("UPDATE members SET role = 0 WHERE room = @number AND user_id = @memberId", new { number, memberId });
            return $"{RoomNote.Demoted} {who.Nickname}";
        });

    /// <summary>Makes a member the owner; the old one is an administrator from then on.</summary>
    /// <param name="most">Groups that one may own; 0 is no limit.</param>
    public Task<MemberOutcome> HandOverAsync(long number, long userId, long memberId, int most, Action<StoredMessage> committed) =>
        ActAsync(RoomAction.HandOver, number, userId, memberId, committed, async (c, who, _) =>
        {
            await SetRoleAsync(c, number, userId, Role.Administrator);
            await SetRoleAsync(c, number, memberId, Role.Owner);
            await c.ExecuteAsync("UPDATE rooms SET owner_id = @memberId WHERE number = @number", new { number, memberId });
            return $"{RoomNote.HandedOver} {who.Nickname}";
        }, async (c, _) => most > 0 && await RoomStore.CountOwnedAsync(c, memberId) >= most ? MemberOutcome.Full : null);

    /// <summary>Keeps a member from writing until a time, which ends it by itself.</summary>
    public Task<MemberOutcome> MuteAsync(long number, long userId, long memberId, long until, Action<StoredMessage> committed) =>
        ActAsync(RoomAction.Mute, number, userId, memberId, committed, async (c, who, now) =>
        {
            if (who.MutedUntil is { } before && Math.Abs((double)until - before) < SameTime)
                return null;
            await c.ExecuteAsync(
                """
                DELETE FROM mutes WHERE room = @number AND (user_id = @memberId OR until_at <= @now);
                INSERT INTO mutes (room, user_id, until_at) VALUES (@number, @memberId, @until);
                """, new { number, memberId, until, now });
            return $"{RoomNote.Muted} {who.Nickname}";
        });

    /// <summary>Lets a member write again.</summary>
    public Task<MemberOutcome> UnmuteAsync(long number, long userId, long memberId, Action<StoredMessage> committed) =>
        ActAsync(RoomAction.Mute, number, userId, memberId, committed, async (c, who, _) =>
        {
            if (who.MutedUntil is null)
                return null;
            await UnmuteAsync(c, number, memberId);
            return $"{RoomNote.Unmuted} {who.Nickname}";
        });

    /// <summary>Does something, where both may still have it done.</summary>
    /// <param name="act">Does it, and gives the body of its note; null where it is so already.</param>
    /// <param name="refuse">What else may stand against it.</param>
    private Task<MemberOutcome> ActAsync(
        RoomAction action, long number, long userId, long memberId, Action<StoredMessage> committed,
        Func<DbConnection, Member, long, Task<string?>> act, Func<DbConnection, Member, Task<MemberOutcome?>>? refuse = null) =>
        notes.WriteAsync(committed, async c =>
        {
            var now = clock.Now();
            if (await MemberStore.StandingAsync(c, number, userId, now) is not { Role: not null } me)
                return new Noted<MemberOutcome>(MemberOutcome.Unknown);
            var who = await MemberStore.FindAsync(c, number, userId, memberId, now);
            if (IsSo(action, me, who))
                return new Noted<MemberOutcome>(MemberOutcome.Same);
            if (!me.May(action))
                return new Noted<MemberOutcome>(MemberOutcome.Forbidden);
            if (who is null)
                return new Noted<MemberOutcome>(MemberOutcome.Gone);
            if (!me.May(action, who))
                return new Noted<MemberOutcome>(MemberOutcome.Forbidden);
            if (refuse is not null && await refuse(c, who) is { } refused)
                return new Noted<MemberOutcome>(refused);
            return await act(c, who, now) is { } note
                ? new Noted<MemberOutcome>(MemberOutcome.Done, await notes.AddAsync(c, number, userId, note, now))
                : new Noted<MemberOutcome>(MemberOutcome.Same);
        });

    /// <summary>It was done a moment ago, by a click before this one or in another tab, and could not be done again.</summary>
    private static bool IsSo(RoomAction action, Standing me, Member? who) => who is not null && action switch
    {
        RoomAction.Promote => me.May(action) && who.Role == Role.Administrator,
        RoomAction.Demote => me.May(action) && who.Role == Role.Member && !who.IsBot,
        RoomAction.HandOver => me is { Kind: RoomKind.Group, Role: Role.Administrator } && who.Role == Role.Owner,
        _ => false,
    };

    private static Task<int> SetRoleAsync(DbConnection connection, long number, long memberId, Role role) =>
        connection.ExecuteAsync(
            """
            UPDATE members SET role = @role WHERE room = @number AND user_id = @memberId;
            DELETE FROM mutes WHERE room = @number AND user_id = @memberId;
            """, new { number, memberId, role });

    private static Task<int> UnmuteAsync(DbConnection connection, long number, long memberId) =>
        connection.ExecuteAsync("DELETE FROM mutes WHERE room = @number AND user_id = @memberId", new { number, memberId });
}

/// <summary>How it went when one member did something to another, or to themselves.</summary>
internal enum MemberOutcome
{
    Done,
    /// <summary>It is so already.</summary>
    Same,
    /// <summary>No such room for who acts.</summary>
    Unknown,
    Forbidden,
    /// <summary>The other is not in the room any more.</summary>
    Gone,
    /// <summary>The other owns as many groups as one may.</summary>
    Full,
}
