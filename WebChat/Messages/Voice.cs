using System.Buffers;
using System.Globalization;
using WebChat.Live;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>How those who read a room in one language are told what is said there: pages as markup, programs as JSON. Each is rendered once for all of them.</summary>
internal abstract class Voice
{
    /// <summary>True where all that was missed is told, however much it is; a page gets the newest instead.</summary>
    public virtual bool TellsAll => false;

    /// <summary>A message as it is now.</summary>
    public abstract ReadOnlyMemory<byte> Say(StoredMessage message);

    /// <summary>What a message makes of the room's line in lists. Nothing for those who show none.</summary>
    public virtual ReadOnlyMemory<byte> SayHead(StoredMessage message) => default;

    /// <summary>What was missed, by place, so that a reader sees new messages in their order.</summary>
    /// <param name="missed">What to tell.</param>
    /// <param name="anew">The room, where this is its newest page in place of all that was told.</param>
    public abstract ReadOnlyMemory<byte> SayMissed(IReadOnlyCollection<StoredMessage> missed, RoomView? anew);

    /// <summary>Where the room begins since its oldest messages were deleted: what stands before is to be seen no more. Nothing for those who keep what they heard.</summary>
    public virtual ReadOnlyMemory<byte> SayBegins(long room, long first) => default;

    /// <summary>That this was all: what comes from here on is said at this moment.</summary>
    public abstract ReadOnlyMemory<byte> SayCaughtUp(long room, long rev);

    /// <summary>All that a reader gets who opens a room.</summary>
    /// <param name="room">Which.</param>
    /// <param name="missed">What they missed.</param>
    /// <param name="anew">The room, where that is its newest page in place of all that was told.</param>
    /// <param name="first">Where the room begins: a page may be from before the oldest were deleted, however little it missed since.</param>
    /// <param name="head">The last change of the room that they have then.</param>
    public ReadOnlyMemory<byte> SayOpened(long room, IReadOnlyCollection<StoredMessage> missed, RoomView? anew, long first, long head)
    {
        var begins = first > 1 ? SayBegins(room, first) : default;
        return (byte[])[.. SayMissed(missed, anew).Span, .. begins.Span, .. SayCaughtUp(room, head).Span];
    }
}

/// <summary>Articles, in a language of the pages.</summary>
internal sealed class PageVoice(MessageWords words) : Voice
{
    /// <summary><c>{"caught-up":true}</c></summary>
    private static readonly ReadOnlyMemory<byte> CaughtUp = Frame.Json(json => json.WriteBoolean("caught-up", true));

    public override ReadOnlyMemory<byte> Say(StoredMessage message) =>
        Frame.Text((message, words), static (m, html) => MessageTemplate.Write(html, m.message, m.words));

    public override ReadOnlyMemory<byte> SayHead(StoredMessage message) => RoomHeads.Render(message, words);

    /// <summary>All of it in one frame.</summary>
    public override ReadOnlyMemory<byte> SayMissed(IReadOnlyCollection<StoredMessage> missed, RoomView? anew) =>
        missed.Count == 0 ? default : Frame.Text((missed, anew, words), static (state, html) =>
        {
            if (state.anew is { } room)
            {
                html.Raw("<div data-anew=\""u8).Number(room.Number).Raw("\">"u8);
                MessageTemplate.WriteOlder(html, [.. state.missed], room.FirstSeq, room.ReadSeq, state.words);
            }
            foreach (var message in state.missed.OrderBy(m => m.Seq))
                MessageTemplate.Write(html, message, state.words);
            if (state.anew is not null)
                html.Raw("</div>"u8);
        });

    /// <summary><c>{"begins":{"room":"204815936","seq":51}}</c></summary>
    public override ReadOnlyMemory<byte> SayBegins(long room, long first) => Frame.Json(json =>
    {
        json.WriteStartObject("begins");
        json.WriteString("room", room.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("seq", first);
        json.WriteEndObject();
    });

    public override ReadOnlyMemory<byte> SayCaughtUp(long room, long rev) => CaughtUp;
}
