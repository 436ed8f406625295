using WebChat.Live;
using WebChat.Media;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Making, entering, leading and ending groups, and telling the open pages of those whom it concerns.</summary>
internal sealed class Groups(RoomStore rooms, MemberStore members, RoomFeed feed, Connections connections, Limits limits)
{
    public const int LongestName = 60;
    public const int LongestMemo = 300;
    public const int LongestAnnouncement = 1000;

    /// <summary>Makes a group of the user's own.</summary>
    /// <returns>Its number, or null when they own as many as one may.</returns>
    public async Task<long?> CreateAsync(long userId, string name, string memo, NewPicture? icon)
    {
        var number = await rooms.CreateGroupAsync(userId, name, memo, icon, limits.GroupsPerUser, feed.Publish);
        if (number is not null)
            connections.Changed(userId, "rooms");
        return number;
    }

    public async Task<JoinOutcome> JoinAsync(long number, long userId)
    {
        var outcome = await members.JoinAsync(number, userId, limits.MembersPerGroup, feed.Publish);
        if (outcome == JoinOutcome.Joined)
            connections.Changed(userId, "rooms");
        return outcome;
    }

    /// <summary>Ends a membership, and with it the live feed.</summary>
    /// <returns>False for outsiders, and for the owner, who can only dissolve.</returns>
    public async Task<bool> LeaveAsync(long number, long userId) =>
        End(number, userId, await members.LeaveAsync(number, userId, feed.Publish));

    /// <summary>Puts somebody out who is below the user in the group.</summary>
    public async Task<bool> RemoveAsync(long number, long userId, long memberId) =>
        End(number, memberId, await members.RemoveAsync(number, userId, memberId, feed.Publish));

    /// <summary>Ends a group of the user's own for everybody in it.</summary>
    public async Task<bool> DissolveAsync(long number, long userId)
    {
        if (await rooms.DissolveAsync(number, userId) is not { } were)
            return false;
        connections.CloseRoom(number);
        connections.Changed(were, "rooms");
        return true;
    }

    /// <summary>Changes what a group says of itself. Nobody is told of what is as it was.</summary>
    /// <param name="room">As the user saw it.</param>
    /// <param name="userId">Who changes it.</param>
    /// <param name="form">What it is to say.</param>
    /// <param name="icon">Its new face, or null where that stays.</param>
    public async Task<bool> UpdateAsync(RoomView room, long userId, GroupForm form, NewPicture? icon)
    {
        if (!await rooms.UpdateAsync(room.Number, userId, form.Name, form.Memo, form.Announcement, icon, feed.Publish))
            return false;
        if (icon is not null || (room.GroupName, room.Memo, room.Announcement) != (form.Name, form.Memo, form.Announcement))
            connections.Changed(await members.IdsAsync(room.Number), "rooms");
        return true;
    }

    private bool End(long number, long memberId, bool isDone)
    {
        if (!isDone)
            return false;
        connections.CloseRoom(memberId, number);
        connections.Changed(memberId, "rooms");
        return true;
    }
}
