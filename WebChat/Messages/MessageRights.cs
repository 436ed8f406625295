using WebChat.Rooms;

namespace WebChat.Messages;

/// <summary>Who may do what to a message. Pages offer by it, changes are held to it.</summary>
internal sealed record MessageRights(long UserId, RoomKind Room, Role Role)
{
    private bool Leads => Room == RoomKind.Group && Role >= Role.Administrator;

    /// <summary>True where anybody's message may be taken back at any time.</summary>
    public bool MayRecallAny => Leads;

    public bool MayPinAny => Leads || Room == RoomKind.Direct;

    /// <summary>Whose "@all" calls everybody.</summary>
    public static bool MayCallAll(Role role) => role >= Role.Administrator;

    /// <summary>Its author may write its words anew, any time.</summary>
    public bool MayEdit(StoredMessage message) => message.AuthorId == UserId && !message.IsRecalled && Kinds.Kind.Of(message).HasWords;

    /// <summary>Its author may take it back for a while; who leads the group, anybody's and any time.</summary>
    /// <param name="message">What.</param>
    /// <param name="window">For how long, in milliseconds; 0 is for ever.</param>
    /// <param name="now">The time.</param>
    public bool MayRecall(StoredMessage message, long window, long now) =>
        message.Kind != MessageKind.Note && !message.IsRecalled && Kinds.Kind.Of(message).IsRecallable &&
        (Leads || (message.AuthorId == UserId && (window == 0 || now - message.CreatedAt <= window)));

    public bool MayReact(StoredMessage message) => message.Kind != MessageKind.Note && !message.IsRecalled;

    /// <summary>Both in a direct room; in a group those who lead it; in the lobby nobody.</summary>
    public bool MayPin(StoredMessage message) => message.Kind != MessageKind.Note && !message.IsRecalled && MayPinAny;
}
