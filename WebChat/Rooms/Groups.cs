using Microsoft.Extensions.Options;
using WebChat.Live;
using WebChat.Media;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Making, joining, leaving, leading and ending groups, and telling the open pages of those whom it concerns.</summary>
internal sealed class Groups(RoomStore rooms, MemberStore members, MemberDeedStore deeds, RequestStore requests, InviteStore invites, RoomFeed feed, Connections connections, IOptionsMonitor<Limits> limits, TimeProvider clock)
{
    public const int LongestName = 60;
    public const int LongestMemo = 300;
    public const int LongestAnnouncement = 1000;

    /// <summary>Makes a group of the user's own.</summary>
    /// <returns>Its number, or null when they own as many as one may.</returns>
    public async Task<long?> CreateAsync(long userId, string name, string memo, NewPicture? icon)
    {
        var number = await rooms.CreateGroupAsync(userId, name, memo, icon, limits.CurrentValue.GroupsPerUser, feed.Publish);
        if (number is not null)
            connections.Changed(userId, "rooms");
        return number;
    }

    /// <summary>Takes the user in, or asks those who lead the group to.</summary>
    public async Task<JoinOutcome> JoinAsync(long number, long userId, string message = "")
    {
        var outcome = await members.JoinAsync(number, userId, message, limits.CurrentValue.MembersPerGroup, feed.Publish);
        if (outcome == JoinOutcome.Joined)
            TellOfEntry(userId);
        else if (outcome == JoinOutcome.Asked)
            await TellOfRequestAsync(number, userId);
        return outcome;
    }

    /// <summary>Takes the user's request back.</summary>
    public async Task<bool> WithdrawAsync(long number, long userId)
    {
        if (!await requests.WithdrawAsync(number, userId))
            return false;
        await TellOfRequestAsync(number, userId);
        return true;
    }

    /// <summary>Lets somebody in who has asked, or not. Either way they stop to wait.</summary>
    public async Task<AnswerOutcome> AnswerAsync(long number, long userId, long askerId, bool isAccepted)
    {
        var outcome = await requests.AnswerAsync(number, userId, askerId, isAccepted, limits.CurrentValue.MembersPerGroup, feed.Publish);
        if (outcome != AnswerOutcome.Done)
            return outcome;
        await TellOfRequestAsync(number, askerId);
        if (isAccepted)
            TellOfEntry(askerId);
        return outcome;
    }

    /// <summary>Makes a link by which others come in.</summary>
    /// <param name="number">The group.</param>
    /// <param name="userId">Who makes it.</param>
    /// <param name="uses">How many may come by it; null is any number.</param>
    /// <param name="lasts">For how long; null is for ever.</param>
    /// <returns>How it went, and the token that the link is made of: nobody can show it again.</returns>
    public async Task<(InviteOutcome Outcome, string Token)> InviteAsync(long number, long userId, int? uses, TimeSpan? lasts)
    {
        var token = Token.New(Token.Invite);
        return (await invites.AddAsync(number, userId, Token.IdOf(token), uses, (long?)lasts?.TotalMilliseconds), token);
    }

    /// <summary>Takes the user in by a link.</summary>
    public async Task<(long Room, JoinOutcome Outcome)> FollowInviteAsync(string token, long userId)
    {
        var (room, outcome) = await invites.UseAsync(Token.IdOf(token), userId, limits.CurrentValue.MembersPerGroup, feed.Publish);
        if (outcome == JoinOutcome.Joined)
        {
            TellOfEntry(userId);
            await TellOfRequestAsync(room, userId); // they may have asked before
        }
        return (room, outcome);
    }

    /// <summary>Ends a membership, and with it the live feed. The owner stays: they can only hand over or dissolve.</summary>
    public async Task<MemberOutcome> LeaveAsync(long number, long userId) =>
        End(number, userId, await members.LeaveAsync(number, userId, feed.Publish));

    /// <summary>Puts somebody out who is below the user in the group.</summary>
    public async Task<MemberOutcome> RemoveAsync(long number, long userId, long memberId) =>
        End(number, memberId, await deeds.RemoveAsync(number, userId, memberId, feed.Publish));

    // What follows is told by its note: open pages that show the room ask for what it changes.

    public Task<MemberOutcome> PromoteAsync(long number, long userId, long memberId) => deeds.PromoteAsync(number, userId, memberId, feed.Publish);

    public Task<MemberOutcome> DemoteAsync(long number, long userId, long memberId) => deeds.DemoteAsync(number, userId, memberId, feed.Publish);

    public Task<MemberOutcome> HandOverAsync(long number, long userId, long memberId) => deeds.HandOverAsync(number, userId, memberId, limits.CurrentValue.GroupsPerUser, feed.Publish);

    /// <param name="lasts">For how long; null is until somebody ends it.</param>
    public Task<MemberOutcome> MuteAsync(long number, long userId, long memberId, TimeSpan? lasts) =>
        deeds.MuteAsync(number, userId, memberId, lasts is { } span ? clock.Now() + (long)span.TotalMilliseconds : long.MaxValue, feed.Publish);

    public Task<MemberOutcome> UnmuteAsync(long number, long userId, long memberId) => deeds.UnmuteAsync(number, userId, memberId, feed.Publish);

    /// <summary>Ends a group of the user's own for everybody in it.</summary>
    public async Task<bool> DissolveAsync(long number, long userId)
    {
        if (await rooms.DissolveAsync(number, userId) is not { } were)
            return false;
        TellOfEnd(number, were);
        return true;
    }

    /// <summary>Ends the live feed of a group that is no more, and says so to those who were in it.</summary>
    public void TellOfEnd(long number, IReadOnlyCollection<long> were)
    {
        connections.CloseRoom(number);
        connections.Changed(were, "rooms");
    }

    /// <summary>Changes what a group says of itself, and its rules. Nobody is told of what is as it was.</summary>
    /// <param name="room">As the user saw it.</param>
    /// <param name="userId">Who changes it.</param>
    /// <param name="form">What it is to say.</param>
    /// <param name="icon">Its new face, or null where that stays.</param>
    public async Task<bool> UpdateAsync(RoomView room, long userId, GroupForm form, NewPicture? icon)
    {
        if (!await rooms.UpdateAsync(room.Number, userId, form, icon, feed.Publish))
            return false;
        if (icon is not null || !form.IsOf(room))
            connections.Changed(await members.IdsAsync(room.Number), "rooms");
        return true;
    }

    /// <summary>Puts an announcement away in all tabs of the user.</summary>
    public async Task<bool> HearAsync(long number, long userId, long announcedAt)
    {
        if (!await rooms.HearAsync(number, userId, announcedAt))
            return false;
        connections.Changed(userId, "rooms");
        return true;
    }

    private void TellOfEntry(long userId)
    {
        connections.Changed(userId, "rooms");
        connections.Changed(userId, "joining");
    }

    /// <summary>Who asks sees that they wait, or no longer; those who may answer see who does.</summary>
    private async Task TellOfRequestAsync(long number, long userId)
    {
        connections.Changed(userId, "joining");
        connections.Changed(await members.LeadersAsync(number), "rooms");
    }

    private MemberOutcome End(long number, long memberId, MemberOutcome outcome)
    {
        if (outcome == MemberOutcome.Done)
        {
            connections.CloseRoom(memberId, number);
            connections.Changed(memberId, "rooms");
        }
        return outcome;
    }
}
