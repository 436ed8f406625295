using WebChat.Live;
using WebChat.Media;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Making, entering, leading and ending groups, and telling the open pages of those whom it concerns.</summary>
internal sealed class Groups(RoomStore rooms, RoomFeed feed, Connections connections, Limits limits)
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
        var outcome = await rooms.JoinAsync(number, userId, limits.MembersPerGroup, feed.Publish);
        if (outcome == JoinOutcome.Joined)
            connections.Changed(userId, "rooms");
        return outcome;
    }

    /// <summary>Ends a membership, and with it the live feed.</summary>
    /// <returns>False for outsiders, and for the owner, who can only dissolve.</returns>
    public async Task<bool> LeaveAsync(long number, long userId) =>
        End(number, userId, await rooms.LeaveAsync(number, userId, feed.Publish));

    /// <summary>Puts somebody out who is below the user in the group.</summary>
    public async Task<bool> RemoveAsync(long number, long userId, long memberId) =>
        End(number, memberId, await rooms.RemoveAsync(number, userId, memberId, feed.Publish));

    /// <summary>Ends a group of the user's own for everybody in it.</summary>
    public async Task<bool> DissolveAsync(long number, long userId)
    {
        if (await rooms.DissolveAsync(number, userId) is not { } members)
            return false;
        connections.CloseRoom(number);
        foreach (var member in members)
            connections.Changed(member, "rooms");
        return true;
    }

    /// <summary>Changes what a group says of itself.</summary>
    public async Task<bool> UpdateAsync(long number, long userId, string name, string memo, string announcement, NewPicture? icon)
    {
        if (!await rooms.UpdateAsync(number, userId, name, memo, announcement, icon, feed.Publish))
            return false;
        foreach (var member in await rooms.MemberIdsAsync(number))
            connections.Changed(member, "rooms");
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
