using System.Buffers;
using System.Text.Json;
using WebChat.Messages.Formatting;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Kinds;

/// <summary>
/// A kind that programs have made up among themselves: its name, what they carry by it, and the words that stand for it wherever people
/// read. Only programs make one.
/// </summary>
internal sealed class CustomKind : Kind
{
    public const int Id = 11;

    public const int MostPayloadBytes = 8 * 1024;

    private const int LongestName = 40;

    public override int Number => Id;

    public override string Name => "custom";

    /// <summary>True for 1 to 40 of a-z, 0-9, dot and hyphen that are the name of no kind of ours.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-') && Named(name) is null;

    public override void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words)
    {
        if (message.Read<CustomContent>() is { } custom)
            html.Raw("<p><span class=\"stamp\">"u8).Text(custom.Kind).Raw("</span></p>"u8);
        MessageText.Write(html, message.Body, Mentioned.Nobody);
    }

    public override string Line(Said said, MessageWords words) => MessageText.Plain(said.Body);

    public override string Words(Said said) => MessageText.Plain(said.Body);

    public override string Text(StoredMessage message, MessageWords words) => message.Body;

    public override string NameOf(StoredMessage message) => message.Read<CustomContent>()?.Kind ?? Name;

    public override void Tell(Utf8JsonWriter json, StoredMessage message)
    {
        if (message.Read<CustomContent>()?.Payload is not { } payload)
            return;
        json.WritePropertyName("payload");
        payload.WriteTo(json);
    }
}

/// <summary>What programs call it, and what it carries.</summary>
internal sealed record CustomContent(string Kind, JsonElement? Payload);
