using System.Buffers;
using System.Text.Json;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Kinds;

/// <summary>A person, to be found by whoever reads it.</summary>
internal sealed class ContactKind : Kind
{
    public const int Id = 7;

    public override int Number => Id;

    public override string Name => "contact";

    public override void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words)
    {
        if (message.Read<ContactCard>() is not { } person)
            return;
        html.Raw("<a class=\"carried\" href=\"/people/"u8).Text(person.Account).Raw("\"><span class=\"face "u8).Text(Face.Hue(person.Id))
            .Raw("\" aria-hidden=\"true\">"u8).Text(Face.Initials(person.Nickname)).Raw("</span><span class=\"what\"><bdi class=\"title\">"u8).Text(person.Nickname).Raw("</bdi><span class=\"kind\">"u8)
            .Text(words.Say("Contact card, @{0}", person.Account)).Raw("</span></span>"u8);
        words.Icon(html, "forward", "icon turns").Raw("</a>"u8);
    }

    public override string Line(Said said, MessageWords words) => words.Say("Contact card: {0}", said.Read<ContactCard>()?.Nickname ?? "");

    public override void Tell(Utf8JsonWriter json, StoredMessage message)
    {
        if (message.Read<ContactCard>() is { } person)
            json.WriteString("account", person.Account);
    }

    public override string Words(Said said) => said.Read<ContactCard>() is { } person ? $"{person.Nickname} @{person.Account}" : "";
}

/// <summary>Whom the card shows, as they were called when it was sent. Their picture is not kept: it goes when they take another.</summary>
internal sealed record ContactCard(long Id, string Account, string Nickname);
