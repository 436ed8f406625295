using System.Buffers;
using System.Text.Json;
using WebChat.Messages.Kinds;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Stickers;

/// <summary>One picture of a pack, instead of words.</summary>
internal sealed class StickerKind : Kind
{
    public const int Id = 10;

    public override int Number => Id;

    public override string Name => "sticker";

    public override string Bubble(StoredMessage message) => "bubble bare";

    public override void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words)
    {
        if (message.Read<Sticker>() is { } sticker)
            html.Raw("<img class=\"sticker\" src=\"/stickers/"u8).Text(sticker.Id).Raw("\" alt=\""u8).Text(words.Say("Sticker: {0}", sticker.Word))
                .Raw("\" width=\""u8).Number(sticker.Width).Raw("\" height=\""u8).Number(sticker.Height).Raw("\" loading=\"lazy\">"u8);
    }

    public override string Line(Said said, MessageWords words) => words.Say("Sticker: {0}", said.Read<Sticker>()?.Word ?? "");

    public override void Tell(Utf8JsonWriter json, StoredMessage message)
    {
        if (message.Read<Sticker>() is { } sticker)
            json.WriteString("url", $"/stickers/{sticker.Id}");
    }

    public override string Words(Said said) => said.Read<Sticker>()?.Word ?? "";
}

/// <summary>What a message shows: enough to show it when its pack is offered no more.</summary>
internal sealed record Sticker(string Id, string Word, int Width, int Height);
