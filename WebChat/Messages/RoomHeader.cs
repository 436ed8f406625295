using WebChat.Rooms;

namespace WebChat.Messages;

/// <summary>What the reader may do in a conversation, and to its messages.</summary>
/// <param name="Rights">By which it is offered.</param>
/// <param name="RecallWindow">For how long an author may take a message back, in milliseconds; 0 is for ever.</param>
internal sealed record Offers(MessageRights Rights, long RecallWindow);

/// <summary>The head of a conversation: the room, how far the others in it have read, where that is shown, and what the reader may do there.</summary>
internal sealed record RoomHeader(RoomView Room, string? Marks, Offers Offers)
{
    public static async Task<RoomHeader> LoadAsync(ReadStore reads, RoomView room, long userId, long recallWindow)
    {
        var marks = room.Members > ReadMarks.MostMembers ? null : await reads.MarksAsync(room.Number, userId, ReadMarks.MostMembers);
        return new RoomHeader(room, marks is null ? null : string.Join(' ', marks.Select(m => FormattableString.Invariant($"{m.UserId}:{m.Since}:{m.Seq}"))), new Offers(new MessageRights(userId, room), recallWindow));
    }
}
