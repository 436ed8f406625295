namespace WebChat.Rooms;

/// <summary>What a room is. Stored as its number.</summary>
internal enum RoomKind
{
    /// <summary>The one room everybody is in.</summary>
    Lobby = 0,
    /// <summary>Two friends.</summary>
    Direct = 1,
    Group = 2,
}

/// <summary>What a member may do. Stored as its number; more may do what less may.</summary>
internal enum Role
{
    Member = 0,
    Administrator = 1,
    Owner = 2,
}

/// <summary>Of which messages of a room its member wants to be notified. Stored as its number.</summary>
internal enum NoticeLevel
{
    All = 0,
    /// <summary>Of those that name the member, or everybody.</summary>
    Mentions = 1,
    Nothing = 2,
}

/// <summary>An open room as one of its members sees it: a direct room has the other's name and face.</summary>
internal record RoomView : Standing
{
    public long Number { get; init; }
    public string Memo { get; init; } = "";
    public string Announcement { get; init; } = "";
    public long? AnnouncedAt { get; init; }
    /// <summary>Which announcement this member has put away.</summary>
    public long? HeardAt { get; init; }
    public long? OwnerId { get; init; }
    public long Seq { get; init; }

    /// <summary>The place of the first message that still stands: those before it were deleted for their age.</summary>
    public long FirstSeq { get; init; } = 1;
    public long Rev { get; init; }
    public long CreatedAt { get; init; }
    public long ReadSeq { get; init; }
    /// <summary>The same, where what was deleted for its age is read by all.</summary>
    public long ReadTo => Math.Max(ReadSeq, FirstSeq - 1);

    /// <summary>Set while this member has blocked the other of a direct room: nothing after it is theirs to see.</summary>
    public long? UntilSeq { get; init; }

    /// <summary>Set while this member may not write; the largest number until somebody ends it.</summary>
    public long? MutedUntil { get; init; }

    /// <summary>People: bots do not count.</summary>
    public long Members { get; init; }

    /// <summary>How many ask to be let in, for those who may answer.</summary>
    public long Requests { get; init; }

    /// <summary>What the member chose, or what the kind of room begins with.</summary>
    public NoticeLevel Level { get; init; }

    /// <summary>In a direct room, the other person.</summary>
    public long? OtherId { get; init; }
    public string? OtherAccount { get; init; }

    /// <summary>The other hides their coming and going from this member, who must not notice.</summary>
    public bool OtherHides { get; init; }

    public string GroupName { get; init; } = "";
    public string? GroupPicture { get; init; }
    public string? OtherNickname { get; init; }
    public string? OtherPicture { get; init; }
    public string? Remark { get; init; }

    /// <summary>The group's name, or the other's: my remark of them, or their nickname. Null for the lobby: each language has its word.</summary>
    public string? Name => Kind switch
    {
        RoomKind.Lobby => null,
        RoomKind.Direct => string.IsNullOrEmpty(Remark) ? OtherNickname : Remark,
        _ => GroupName,
    };

    public string? Picture => Kind == RoomKind.Direct ? OtherPicture : GroupPicture;

    /// <summary>What the face's colour comes from.</summary>
    public long FaceId => OtherId ?? Number;

    /// <summary>The announcement is to stand above the conversation: there is one, and this member has not put it away.</summary>
    public bool IsAnnounced => Announcement.Length > 0 && (HeardAt is null || HeardAt < (AnnouncedAt ?? 0));
}

/// <summary>A room in its member's list, with its last message that is theirs to see.</summary>
internal sealed record Conversation : RoomView
{
    public long? LastAuthorId { get; init; }
    public string? LastAccount { get; init; }
    public string? LastAuthor { get; init; }
    public bool LastIsBot { get; init; }
    public int LastKind { get; init; }
    public string? LastBody { get; init; }
    public string? LastContent { get; init; }
    public long? LastRecalledAt { get; init; }
    public long? LastRecalledBy { get; init; }
    /// <summary>The last message that names this member.</summary>
    public long CalledSeq { get; init; }
    /// <summary>When that was, or where nothing was said when the room was made.</summary>
    public long LastAt { get; init; }

    /// <summary>What was said last of what this member may see.</summary>
    public Said? Last => LastAuthorId is not { } author ? null : new Said
    {
        AuthorId = author, Account = LastAccount!, Nickname = LastAuthor!, IsBot = LastIsBot, Kind = LastKind, Body = LastBody!, Content = LastContent, RecalledAt = LastRecalledAt, RecalledBy = LastRecalledBy,
    };

    /// <summary>Somebody named this member, and they have not read it.</summary>
    public bool IsCalled => Unread > 0 && CalledSeq > ReadTo;

    /// <summary>How many messages came since this member last read. A blocked person's do not count.</summary>
    public long Unread => UntilSeq is null ? Math.Max(0, Seq - ReadTo) : 0;

    /// <summary>What waits here is to catch the eye: everything, or that somebody named this member, as they chose.</summary>
    public bool IsLoud => Level switch
    {
        NoticeLevel.All => true,
        NoticeLevel.Mentions => IsCalled,
        _ => false,
    };
}

/// <summary>A member in the room's list, as another member sees them.</summary>
internal sealed record Member
{
    public long UserId { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    public string Remark { get; init; } = "";
    public string? Picture { get; init; }
    public Role Role { get; init; }
    public bool IsBot { get; init; }
    public bool IsFriend { get; init; }
    public bool Hides { get; init; }
    /// <summary>Set while they may not write.</summary>
    public long? MutedUntil { get; init; }

    public string Name => Remark.Length > 0 ? Remark : Nickname;
}

/// <summary>What a member has read: everything after one place, up to another.</summary>
internal sealed record ReadMark(long UserId, long Since, long Seq);

/// <summary>A group that somebody looked for.</summary>
internal sealed record FoundGroup
{
    public long Number { get; init; }
    public required string Name { get; init; }
    public required string Memo { get; init; }
    public string? Picture { get; init; }
    public long Members { get; init; }
    public bool IsMember { get; init; }
    public JoinPolicy Joining { get; init; }
    /// <summary>Whoever looks has asked to be let in, and waits.</summary>
    public bool HasAsked { get; init; }
}

/// <summary>What the bar of places shows of rooms.</summary>
internal sealed record RailCounts
{
    /// <summary>What is to catch the eye: all that is unread, of rooms with <see cref="NoticeLevel.Mentions"/> one where the member is named, of silent ones nothing.</summary>
    public long Unread { get; init; }
    /// <summary>Says which levels are chosen: equal numbers mean the same ones.</summary>
    public long Levels { get; init; }
    /// <summary>Grows with every room and every change in one: equal numbers mean that a list is up to date.</summary>
    public long Changes { get; init; }
    /// <summary>How many ask to be let into groups that this member leads.</summary>
    public long Asked { get; init; }
    /// <summary>The lobby's number, 0 while there is none.</summary>
    public long Lobby { get; init; }
}
