using WebChat.Rooms;

namespace WebChat.Messages;

/// <summary>The head of a conversation: the room, and how far the others in it have read, where that is shown.</summary>
internal sealed record RoomHeader(RoomView Room, string? Marks)
{
    public static async Task<RoomHeader> LoadAsync(ReadStore reads, RoomView room, long userId)
    {
        var marks = room.Members > ReadMarks.MostMembers ? null : await reads.MarksAsync(room.Number, userId, ReadMarks.MostMembers);
        return new RoomHeader(room, marks is null ? null : string.Join(' ', marks.Select(m => FormattableString.Invariant($"{m.UserId}:{m.Since}:{m.Seq}"))));
    }
}
