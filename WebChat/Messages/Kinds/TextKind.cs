using System.Buffers;
using System.Data.Common;
using System.Text.Json;
using WebChat.Media;
using WebChat.Messages.Formatting;
using WebChat.Messages.Links;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Kinds;

/// <summary>Words.</summary>
internal sealed class TextKind : Kind
{
    public override int Number => MessageKind.Text;

    public override string Name => "text";

    public override bool HasWords => true;

    public override void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words)
    {
        var text = message.Read<TextContent>();
        MessageText.Write(html, message.Body, Calls(text));
        if (text?.Link is { } link)
            WriteCard(html, link);
    }

    public override string? Naming(string? content, Mentioned named) =>
        content ?? (named.IsNobody ? null : Content.Pack(new TextContent { At = named.Accounts, AtAll = named.IsAll }));

    public override Mentioned Calls(Said said) => Calls(said.Read<TextContent>());

    /// <summary>A card was of the address that the words were.</summary>
    public override async Task<string?> RewordAsync(DbConnection connection, StoredMessage message)
    {
        await ForgetAsync(connection, message);
        return null;
    }

    /// <summary>Where an address leads, as a thing one can press.</summary>
    public static void WriteCard(IBufferWriter<byte> html, LinkCard link)
    {
        html.Raw("<a class=\"carried link\" href=\""u8).Text(link.Address).Raw("\" rel=\"noopener nofollow ugc\" target=\"_blank\">"u8);
        if (link.Picture is { Width: { } width, Height: { } height } picture)
            html.Raw("<img src=\""u8).Text(picture.Address).Raw("\" alt=\"\" width=\""u8).Number(width).Raw("\" height=\""u8).Number(height).Raw("\" loading=\"lazy\">"u8);
        html.Raw("<span class=\"what\"><span class=\"kind\">"u8).Text(link.Site).Raw("</span><span class=\"title\" dir=\"auto\">"u8).Text(link.Title).Raw("</span>"u8);
        if (!string.IsNullOrEmpty(link.Description))
            html.Raw("<span class=\"kind\" dir=\"auto\">"u8).Text(link.Description).Raw("</span>"u8);
        html.Raw("</span></a>"u8);
    }

    /// <summary>The picture of a card.</summary>
    public override Task ForgetAsync(DbConnection connection, StoredMessage message) => MediaStore.RemoveAsync(connection, message.Room, message.Seq);

    public override string Bubble(StoredMessage message) => MessageText.IsGlyph(message.Body) ? "bubble glyph" : "bubble";

    public override string Line(Said said, MessageWords words) => MessageText.Plain(said.Body);

    public override string Text(StoredMessage message, MessageWords words) => message.Body;

    public override void Tell(Utf8JsonWriter json, StoredMessage message)
    {
        if (message.Read<TextContent>()?.Link is { } link)
            json.WriteString("title", link.Title);
    }

    public override string Words(Said said) =>
        said.Content is not null && said.Read<TextContent>()?.Link is { } link ? $"{MessageText.Plain(said.Body)}\n{link.Title}\n{link.Description}".TrimEnd() : MessageText.Plain(said.Body);

    private static Mentioned Calls(TextContent? text) => text is null ? Mentioned.Nobody : new Mentioned(text.At, text.AtAll);
}

/// <summary>What a text carries beside its words.</summary>
internal sealed record TextContent
{
    /// <summary>The accounts of the members it names.</summary>
    public IReadOnlyCollection<string> At { get; init; } = [];

    /// <summary>It names everybody.</summary>
    public bool AtAll { get; init; }

    /// <summary>Where the address leads that is all it says.</summary>
    public LinkCard? Link { get; init; }
}
