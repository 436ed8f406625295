using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using WebChat.Live;
using WebChat.Messages.Kinds;
using WebChat.Rooms;

namespace WebChat.Messages.Programs;

/// <summary>Messages as JSON, an object each, for programs. Where one is no words of its author's, its line in English stands for them.</summary>
internal sealed class ProgramVoice(MessageWords words) : Voice
{
    // Nothing of it stands in a page; Chinese as itself is a third of what it is as escapes.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override bool TellsAll => true;

    public override ReadOnlyMemory<byte> Say(StoredMessage message) => Frame.Text((message, this), static (m, buffer) => m.Item2.Write(buffer, m.message));

    public override ReadOnlyMemory<byte> SayMissed(IReadOnlyCollection<StoredMessage> missed, RoomView? anew)
    {
        var frames = new ArrayBufferWriter<byte>(4096);
        foreach (var message in missed.OrderBy(m => m.Seq))
            frames.Write(Say(message).Span);
        return frames.WrittenMemory;
    }

    /// <summary><c>{"open":"204815936","rev":51}</c></summary>
    public override ReadOnlyMemory<byte> SayCaughtUp(long room, long rev) => Frame.Json(json =>
    {
        json.WriteString("open", room.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("rev", rev);
    });

    /// <summary>The object that a message is to programs.</summary>
    public void Write(IBufferWriter<byte> buffer, StoredMessage message)
    {
        var kind = Kind.Of(message);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteString("room", message.Room.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("seq", message.Seq);
        json.WriteNumber("rev", message.Rev);
        json.WriteString("kind", kind.NameOf(message));
        json.WriteString("message", message.IsRecalled ? words.Line(message) : kind.Text(message, words));
        json.WriteString("sender", message.Account);
        json.WriteString("name", message.Nickname);
        if (message.IsBot)
            json.WriteBoolean("bot", true);
        json.WriteString("at", DateTimeOffset.FromUnixTimeMilliseconds(message.CreatedAt).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        if (message.ClientId is { } id)
            json.WriteString("client_id", id);
        if (message.ReplyTo is { } replyTo)
            json.WriteNumber("reply_to", replyTo);
        if (message.IsRecalled)
            json.WriteBoolean("recalled", true);
        else
            WriteRest(json, message, kind);
        json.WriteEndObject();
    }

    private static void WriteRest(Utf8JsonWriter json, StoredMessage message, Kind kind)
    {
        if (message.EditedAt is not null)
            json.WriteBoolean("edited", true);
        if (message.PinnedAt is not null)
            json.WriteBoolean("pinned", true);
        if (message.Reactions is not null)
        {
            json.WriteStartObject("reactions");
            foreach (var reaction in Reaction.Of(message))
                json.WriteNumber(reaction.Emoji, reaction.By.Count);
            json.WriteEndObject();
        }
        var calls = kind.Calls(message);
        if (!calls.IsNobody)
        {
            json.WriteStartArray("mentions");
            foreach (var account in calls.IsAll ? [.. calls.Accounts, Formatting.Mentions.All] : calls.Accounts)
                json.WriteStringValue(account);
            json.WriteEndArray();
        }
        kind.Tell(json, message);
    }
}
