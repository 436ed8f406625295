using WebChat.Rooms;

namespace WebChat.Messages;

/// <summary>Who may do what to a message, by what they may do in its room. Pages offer by it, changes are held to it.</summary>
internal sealed record MessageRights(long UserId, Standing Room)
{
    /// <summary>True where anybody's message may be taken back at any time.</summary>
    public bool MayRecallAny => Room.May(RoomAction.RecallAny);

    public bool MayPinAny => Room.May(RoomAction.Pin);

    /// <summary>Whose "@all" calls everybody.</summary>
    public bool MayCallAll => Room.May(RoomAction.CallAll);

    /// <summary>Its author may write its words anew, any time.</summary>
    public bool MayEdit(StoredMessage message) => message.AuthorId == UserId && Room.May(RoomAction.Edit) && !message.IsRecalled && Kinds.Kind.Of(message).HasWords;

    /// <summary>Its author may take it back for a while; who leads the group, anybody's and any time.</summary>
    /// <param name="message">What.</param>
    /// <param name="window">For how long, in milliseconds; 0 is for ever.</param>
    /// <param name="now">The time.</param>
    public bool MayRecall(StoredMessage message, long window, long now) =>
        message.Kind != MessageKind.Note && !message.IsRecalled && Kinds.Kind.Of(message).IsRecallable &&
        (MayRecallAny || (message.AuthorId == UserId && Room.May(RoomAction.RecallOwn) && (window == 0 || now - message.CreatedAt <= window)));

    public bool MayReact(StoredMessage message) => Room.May(RoomAction.React) && message.Kind != MessageKind.Note && !message.IsRecalled;

    /// <summary>Whoever may read it tells of what somebody else said, while it is there to be read.</summary>
    public bool MayReport(StoredMessage message) => Room.May(RoomAction.Report) && message.AuthorId != UserId && message.Kind != MessageKind.Note && !message.IsRecalled;

    /// <summary>Both in a direct room; in a group those who lead it; in the lobby nobody.</summary>
    public bool MayPin(StoredMessage message) => message.Kind != MessageKind.Note && !message.IsRecalled && MayPinAny;
}
