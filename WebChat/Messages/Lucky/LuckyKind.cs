using System.Buffers;
using System.Text.Json;
using WebChat.Messages.Kinds;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Lucky;

/// <summary>Play points to be shared. Nobody takes it back: what others got is theirs, and the rest returns by itself.</summary>
internal sealed class LuckyKind : Kind
{
    public const int Id = 9;

    public override int Number => Id;

    public override string Name => "lucky";

    public override bool IsRecallable => false;

    /// <summary>What others got is theirs, and the rest waits for them: only the words go.</summary>
    public override StoredMessage WithoutAuthor(StoredMessage message, long now) =>
        message.Read<LuckyPacket>() is { } packet ? message with { Content = Content.Pack(packet with { Greeting = "" }) } : message;

    public override string Bubble(StoredMessage message) => "bubble bare";

    public override void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words) => Write(html, message, words, null);

    /// <summary>The same card for everybody, with whose share is how large; <c>lucky.js</c> marks it as this does for a viewer.</summary>
    public override void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words, Viewer? viewer)
    {
        if (message.Read<LuckyPacket>() is not { } packet)
            return;
        html.Raw("<div class=\"lucky"u8).Raw(packet.IsSpent ? " spent"u8 : ""u8).Raw("\" data-claims=\""u8);
        foreach (var claim in packet.Claims)
            html.Number(claim.By).Raw(":"u8).Number(claim.Points).Raw(" "u8);
        html.Raw("\""u8).Raw(packet.IsDirect ? " data-direct"u8 : ""u8).Raw(">"u8);
        words.Icon(html, "coin", "coin").Raw("<span class=\"title\" dir=\"auto\">"u8).Text(Greeting(packet, words)).Raw("</span>"u8);
        WriteShare(html, packet, words, viewer);
        if (!packet.IsSpent && viewer is not { IsOutside: true })
            WriteOpen(html, message, words, isHidden: viewer is { } me && !packet.IsFor(me.Id, message.AuthorId));
        html.Raw("<span class=\"kind\"><span>"u8).Text(words.Say("Lucky money, {0} points", packet.Total)).Raw("</span><a href=\""u8);
        WriteAddress(html, message).Raw("\">"u8).Text(State(packet, words)).Raw("</a></span></div>"u8);
    }

    public override string Line(Said said, MessageWords words) => words.Say("Lucky money: {0}", said.Read<LuckyPacket>() is { } packet ? Greeting(packet, words) : "");

    public override void Tell(Utf8JsonWriter json, StoredMessage message)
    {
        if (message.Read<LuckyPacket>() is not { } packet)
            return;
        json.WriteNumber("points", packet.Total);
        json.WriteNumber("shares", packet.Shares);
        json.WriteNumber("left", packet.Left);
    }

    public override string Words(Said said) => said.Read<LuckyPacket>()?.Greeting ?? "";

    /// <summary>How much of it is left.</summary>
    public static string State(LuckyPacket packet, MessageWords words) =>
        packet.Left == 0 ? words.Say("All {0} opened", packet.Shares)
        : packet.IsReturned ? words.Say("{0} of {1} returned", packet.Left, packet.Shares)
        : words.Say("{0} of {1} left", packet.Left, packet.Shares);

    /// <summary>What it wishes: where its sender wrote nothing, what one says in the reader's language.</summary>
    public static string Greeting(LuckyPacket packet, MessageWords words) => packet.Greeting.Length > 0 ? packet.Greeting : words["Good luck!"];

    private static void WriteShare(IBufferWriter<byte> html, LuckyPacket packet, MessageWords words, Viewer? viewer)
    {
        var mine = viewer is null ? null : packet.ShareOf(viewer.Id);
        html.Raw("<span class=\"got\" data-got=\""u8).Text(words["You got {0} points"]).Raw(mine is null ? "\" hidden>"u8 : "\">"u8);
        if (mine is { } points)
            html.Text(words.Say("You got {0} points", points));
        html.Raw("</span>"u8);
    }

    private static void WriteOpen(IBufferWriter<byte> html, StoredMessage message, MessageWords words, bool isHidden)
    {
        html.Raw("<button class=\"button open\" type=\"submit\" form=\"message-action\" formaction=\""u8);
        WriteAddress(html, message).Raw(isHidden ? "\" hidden>"u8 : "\">"u8).Text(words["Open"]).Raw("</button>"u8);
    }

    private static IBufferWriter<byte> WriteAddress(IBufferWriter<byte> html, StoredMessage message) =>
        html.Raw("/rooms/"u8).Number(message.Room).Raw("/messages/"u8).Number(message.Seq).Raw("/open"u8);
}
