using System.Buffers;
using WebChat.Messages.Formatting;
using WebChat.Rooms;

namespace WebChat.Messages.Kinds;

/// <summary>Words.</summary>
internal sealed class TextKind : Kind
{
    public override int Number => MessageKind.Text;

    public override string Name => "text";

    public override bool HasWords => true;

    public override void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words) =>
        MessageText.Write(html, message.Body, message.Read<TextContent>() is { } text ? new Mentioned(text.At, text.AtAll) : Mentioned.Nobody);

    public override string Bubble(StoredMessage message) => MessageText.IsGlyph(message.Body) ? "bubble glyph" : "bubble";

    public override string Line(Said said, MessageWords words) => MessageText.Plain(said.Body);
}

/// <summary>What a text carries beside its words.</summary>
internal sealed record TextContent
{
    /// <summary>The accounts of the members it names.</summary>
    public IReadOnlyList<string> At { get; init; } = [];

    /// <summary>It names everybody.</summary>
    public bool AtAll { get; init; }

    /// <summary>What a text of a member carries that names these.</summary>
    public static string? Naming(IEnumerable<Named> members, Mentioned calls, Role role)
    {
        var at = members.Select(m => m.Account).Where(account => calls.Has(account)).ToList();
        var atAll = calls.IsAll && role >= Role.Administrator;
        return at.Count == 0 && !atAll ? null : Content.Pack(new TextContent { At = at, AtAll = atAll });
    }
}

/// <summary>A member of a room whom somebody names.</summary>
internal sealed record Named(long Room, long Id, string Account);
