using WebChat.Rooms;

namespace WebChat.Messages;

/// <summary>What changed in a room since some change of it, or the room's newest page where that is too much. It is the same for all who may read the room.</summary>
internal sealed class Missed(IReadOnlyList<StoredMessage> messages, long head)
{
    /// <summary>More missed changes than this are not replayed at once: a tab gets the latest page anew, a program one page after the other.</summary>
    public const int Most = 200;

    /// <summary>The same of the bytes of what people wrote.</summary>
    public const int MostBytes = 512 * 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<Voice, ReadOnlyMemory<byte>> told = [];

    /// <summary>By <c>rev</c>; a page by place.</summary>
    public IReadOnlyList<StoredMessage> Messages => messages;

    /// <summary>Every change of the room up to this one is in it.</summary>
    public long Head => head;

    /// <summary>True where it is the newest page, in place of all that a reader had.</summary>
    public bool IsAnew { get; init; }

    /// <summary>Bytes of what people wrote.</summary>
    public long Size { get; } = messages.Sum(SizeOf);

    /// <summary>True where it is not to be told, for the newest page says as much in fewer words. Then not even all of it may be here.</summary>
    public bool IsTooMuch => !IsAnew && (messages.Count > Most || Size > MostBytes);

    public static long SizeOf(StoredMessage message) => message.Body.Length + (message.Content?.Length ?? 0) + (message.Reactions?.Length ?? 0);

    /// <summary>Together with what changed after its head: just what a look at the room finds then.</summary>
    public Missed And(Missed later)
    {
        var again = later.Messages.Select(m => m.Seq).ToHashSet();
        return new Missed([.. messages.Where(m => !again.Contains(m.Seq)), .. later.Messages], later.Head);
    }

    /// <summary>Put into words and framed, once for all who hear this voice. Not of a page anew: that also says how far its reader has read.</summary>
    public ReadOnlyMemory<byte> In(Voice voice, long room, long first)
    {
        lock (gate)
        {
            if (!told.TryGetValue(voice, out var frames))
                told[voice] = frames = voice.SayOpened(room, messages, anew: null, first, head);
            return frames;
        }
    }
}
