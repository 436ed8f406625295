namespace WebChat.Accounts;

/// <summary>As stored, and as chosen on the profile page.</summary>
internal enum Sex
{
    Unknown = 0,
    Male = 1,
    Female = 2,
}

/// <summary>A person with an account: a row of <c>users</c>.</summary>
internal sealed class User
{
    public long Id { get; set; }
    public string Account { get; set; } = "";
    /// <summary>The account in upper case: unique without regard to case.</summary>
    public string AccountKey { get; set; } = "";
    public string Email { get; set; } = "";
    public string EmailKey { get; set; } = "";
    public string PasswordHash { get; set; } = "";
    /// <summary>Identity's security stamp: new with each new password, and with whatever else ends all sessions.</summary>
    public string Stamp { get; set; } = "";
    /// <summary>The stamp as it was read: what is written by what was read then is refused where it is another meanwhile.</summary>
    public string ReadStamp { get; init; } = "";
    public string Nickname { get; set; } = "";
    /// <summary>The nickname in lower case: people are found by it, and stand in its order.</summary>
    public string NicknameKey => Nickname.ToLowerInvariant();
    public Sex Sex { get; set; }
    public string Signature { get; set; } = "";
    public string? Picture { get; set; }
    /// <summary>A language of <see cref="WebChat.Shared.Languages"/>, or null: as the browser asks.</summary>
    public string? Language { get; set; }
    public bool IsAdmin { get; set; }
    /// <summary>Nobody signs in as a bot.</summary>
    public bool IsBot { get; set; }
    /// <summary>Since when an administrator lets them in no more; null for everybody else.</summary>
    public long? DisabledAt { get; set; }
    public long CreatedAt { get; set; }
    public long UpdatedAt { get; set; }

    /// <summary>Set on the first user only, before it is stored: what this chat shall be called.</summary>
    public string? Founds { get; init; }

    /// <summary>Set on a user who is invited, before they are stored: the link that they come by.</summary>
    public string? Invite { get; init; }
}
