using System.Buffers;
using WebChat.Rooms;

namespace WebChat.Messages.Kinds;

/// <summary>Words.</summary>
internal sealed class TextKind : Kind
{
    public override int Number => MessageKind.Text;

    public override string Name => "text";

    public override bool HasWords => true;

    public override void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words) => MessageTemplate.WriteText(html, message.Body);

    public override string Line(Said said, MessageWords words) => said.Body;
}

/// <summary>What a text carries beside its words.</summary>
internal sealed record TextContent
{
    /// <summary>The accounts of the members it names.</summary>
    public IReadOnlyList<string> At { get; init; } = [];

    /// <summary>It names everybody.</summary>
    public bool AtAll { get; init; }

    /// <summary>What a text of a member carries that names these.</summary>
    public static string? Naming(IEnumerable<Named> members, Calls calls, Role role)
    {
        var at = members.Select(m => m.Account).Where(account => calls.Accounts.Contains(account, StringComparer.OrdinalIgnoreCase)).ToList();
        var atAll = calls.All && role >= Role.Administrator;
        return at.Count == 0 && !atAll ? null : Content.Pack(new TextContent { At = at, AtAll = atAll });
    }
}

/// <summary>A member of a room whom somebody names.</summary>
internal sealed record Named(long Room, long Id, string Account);
