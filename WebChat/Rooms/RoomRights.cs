namespace WebChat.Rooms;

/// <summary>What one may want to do in a room.</summary>
internal enum RoomAction
{
    /// <summary>Read what is said, live and in history, and choose what to be notified of.</summary>
    Read,
    SeeMembers,
    /// <summary>Of a message of one's own.</summary>
    SeeReaders,
    /// <summary>Tell the administrators of the house what somebody else said.</summary>
    Report,
    /// <summary>Say something new, of whatever kind.</summary>
    Post,
    /// <summary>Write a message of one's own anew.</summary>
    Edit,
    React,
    GiveLucky,
    OpenLucky,
    RecallOwn,
    RecallAny,
    Pin,
    CallAll,
    /// <summary>Come in at once.</summary>
    Join,
    /// <summary>Ask to be let in.</summary>
    Ask,
    Leave,
    /// <summary>Make a link by which others come in, and end one's own.</summary>
    Invite,
    /// <summary>See and end everybody's links.</summary>
    ManageInvites,
    /// <summary>Let those in who ask, or not.</summary>
    Admit,
    Remove,
    Mute,
    Promote,
    Demote,
    HandOver,
    /// <summary>Change what the room says of itself, and its rules.</summary>
    ChangeSettings,
    Announce,
    ManageBots,
    Dissolve,
}

/// <summary>Who comes into a group, and how. Stored as its number.</summary>
internal enum JoinPolicy
{
    Anyone = 0,
    ByApproval = 1,
    ByInvite = 2,
}

/// <summary>How somebody stands in a room at one moment: all that rights come from.</summary>
internal record Standing
{
    public RoomKind Kind { get; init; }
    /// <summary>Null for those who are not in it.</summary>
    public Role? Role { get; init; }
    public bool IsBot { get; init; }
    public bool IsMuted { get; init; }
    /// <summary>They have blocked the other of a direct room.</summary>
    public bool HasBlocked { get; init; }
    public JoinPolicy Joining { get; init; }
    public bool OnlyAdministratorsPost { get; init; }
    public bool MembersInvite { get; init; }

    private bool IsGroup => Kind == RoomKind.Group;
    private bool Leads => IsGroup && Role >= Rooms.Role.Administrator;
    private bool Owns => IsGroup && Role == Rooms.Role.Owner;
    private bool MaySpeak => !IsMuted && (Leads || !OnlyAdministratorsPost);

    /// <summary>The one place that says who may do what in a room. Pages offer by it, and every change is held to it.</summary>
    public bool May(RoomAction action) => Role is null ? MayOutside(action) : IsBot ? MayBot(action) : HasBlocked ? MayBlocking(action) : action switch
    {
        RoomAction.Read or RoomAction.SeeMembers or RoomAction.SeeReaders or RoomAction.Report => true,
        RoomAction.Post or RoomAction.Edit or RoomAction.GiveLucky => MaySpeak,
        RoomAction.React => !IsMuted,
        RoomAction.RecallOwn or RoomAction.OpenLucky => true,
        RoomAction.Pin => (Leads && !IsMuted) || Kind == RoomKind.Direct,
        RoomAction.RecallAny or RoomAction.CallAll => Leads,
        RoomAction.Leave => IsGroup && !Owns,
        RoomAction.Invite => Leads || (IsGroup && MembersInvite && !IsMuted),
        RoomAction.ManageInvites or RoomAction.Admit or RoomAction.Remove or RoomAction.Mute => Leads,
        RoomAction.ChangeSettings or RoomAction.Announce or RoomAction.ManageBots => Leads && !IsMuted, // all of them speak to the room
        RoomAction.Promote or RoomAction.Demote or RoomAction.HandOver or RoomAction.Dissolve => Owns,
        _ => false,
    };

    /// <summary>The same, where it is done to another member: whoever stands as high or higher is out of reach, and bots have a page of their own.</summary>
    public bool May(RoomAction action, Member to) => May(action) && !to.IsBot && action switch
    {
        RoomAction.Remove or RoomAction.Mute => to.Role < Role,
        RoomAction.Promote => to.Role == Rooms.Role.Member,
        RoomAction.Demote => to.Role == Rooms.Role.Administrator,
        RoomAction.HandOver => to.Role < Rooms.Role.Owner,
        _ => false,
    };

    private bool MayOutside(RoomAction action) => IsGroup && !IsBot && action switch
    {
        RoomAction.Join => Joining == JoinPolicy.Anyone,
        RoomAction.Ask => Joining == JoinPolicy.ByApproval,
        _ => false,
    };

    /// <summary>A bot is in its group to speak, also where only administrators do: they made it.</summary>
    private bool MayBot(RoomAction action) => IsGroup && action == RoomAction.Post;

    /// <summary>The room as it was when they blocked the other, and nothing else: that they blocked them may be why they report them.</summary>
    private static bool MayBlocking(RoomAction action) => action is RoomAction.Read or RoomAction.SeeMembers or RoomAction.SeeReaders or RoomAction.Report;
}
