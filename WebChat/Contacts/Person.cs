using WebChat.Accounts;

namespace WebChat.Contacts;

/// <summary>Somebody as the one who looks sees them.</summary>
internal sealed record Person
{
    public long Id { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    public Sex Sex { get; init; }
    public string Signature { get; init; } = "";
    public string? Picture { get; init; }

    /// <summary>When they were last online, as far as the one who looks may know.</summary>
    public long SeenAt { get; init; }

    /// <summary>A program of a group's, and nobody's friend.</summary>
    public bool IsBot { get; init; }

    /// <summary>They deleted their account.</summary>
    public bool IsGone { get; init; }

    public bool IsFriend { get; init; }
    public long? FriendsSince { get; init; }

    /// <summary>Only the one who looks sees it, in place of the nickname in their lists.</summary>
    public string? Remark { get; init; }

    /// <summary>The one who looks has blocked them.</summary>
    public bool IsBlocked { get; init; }

    /// <summary>They have blocked the one who looks, who must not notice: their coming and going is not shown.</summary>
    public bool Hides { get; init; }

    /// <summary>The one who looks has a request waiting with them.</summary>
    public bool IsAsked { get; init; }

    /// <summary>They have a request waiting with the one who looks.</summary>
    public bool Asks { get; init; }

    public string Name => string.IsNullOrEmpty(Remark) ? Nickname : Remark;
}

/// <summary>A request that waits for an answer.</summary>
internal sealed record FriendRequest
{
    public long Id { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    public string? Picture { get; init; }
    public required string Message { get; init; }
    public long CreatedAt { get; init; }
}

/// <summary>How asking for friendship went.</summary>
internal enum RequestOutcome
{
    Sent,
    /// <summary>The other had asked too, so they are friends now.</summary>
    Friends,
    AlreadyFriends,
    AlreadySent,
    /// <summary>The one who asks has blocked the other.</summary>
    Blocked,
    Oneself,
    Unknown,
}
