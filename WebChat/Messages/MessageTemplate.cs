using System.Buffers;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>
/// A message as HTML: the one source for the page, for the answer to a post and for the push. The same bytes for every
/// viewer of a language; who "I" am is marked by the page (<paramref name="viewer"/>) or by its script.
/// </summary>
internal static class MessageTemplate
{
    /// <summary>Writes the article.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="message">What.</param>
    /// <param name="words">In which language.</param>
    /// <param name="viewer">Whose own messages to mark, or 0 for a fragment that everybody gets.</param>
    public static void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words, long viewer = 0)
    {
        if (message.Kind == MessageKind.Note)
            WriteNote(html, message, words);
        else
            WriteSpoken(html, message, viewer);
    }

    /// <summary>Writes the link that brings what stands before the first of these messages; nothing where they begin with the room's first.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="messages">A page, ascending by place.</param>
    /// <param name="read">Up to where its reader had read: an older page draws the line there.</param>
    /// <param name="words">In which language.</param>
    public static void WriteOlder(IBufferWriter<byte> html, IReadOnlyList<StoredMessage> messages, long read, MessageWords words)
    {
        if (messages.Count == 0 || messages[0].Seq <= 1)
            return;
        html.Raw("<div class=\"older\"><a class=\"button plain slim\""u8);
        foreach (var attribute in (ReadOnlySpan<string>)["href", "hx-get"])
        {
            html.Raw(" "u8).Text(attribute).Raw("=\"/rooms/"u8).Number(messages[0].Room).Raw("?before="u8).Number(messages[0].Seq);
            if (read > 0 && read < messages[0].Seq - 1)
                html.Raw("&amp;read="u8).Number(read);
            html.Raw("\""u8);
        }
        html.Raw(" hx-target=\"closest .older\" hx-swap=\"outerHTML\">"u8).Text(words.Older).Raw("</a></div>\n"u8);
    }

    private static void WriteSpoken(IBufferWriter<byte> html, StoredMessage message, long viewer)
    {
        html.Raw("<article class=\"message"u8);
        if (message.Follows)
            html.Raw(" follows"u8);
        if (message.AuthorId == viewer)
            html.Raw(" mine"u8);
        WriteIdentity(html, message);
        html.Raw(" data-id=\""u8).Text(message.ClientId).Raw("\""u8);
        html.Raw(" aria-label=\""u8).Text(message.Nickname).Raw("\">"u8);
        WriteFace(html, message);
        html.Raw("<header class=\"by\"><a href=\"/people/"u8).Text(message.Account).Raw("\"><bdi>"u8).Text(message.Nickname).Raw("</bdi></a></header>"u8);
        html.Raw("<div class=\"bubble\" dir=\"auto\">"u8);
        WriteText(html, message.Body);
        html.Raw("</div><footer class=\"margin\"><time datetime=\""u8).Iso(message.CreatedAt).Raw("\" data-style=\"time\">"u8).Minutes(message.CreatedAt);
        html.Raw("</time></footer></article>\n"u8);
    }

    private static void WriteNote(IBufferWriter<byte> html, StoredMessage message, MessageWords words)
    {
        html.Raw("<article class=\"happened"u8);
        WriteIdentity(html, message);
        html.Raw("><p>"u8);
        words.WriteNote(html, message);
        html.Raw("</p></article>\n"u8);
    }

    private static void WriteIdentity(IBufferWriter<byte> html, StoredMessage message) =>
        html.Raw("\" id=\"m-"u8).Number(message.Room).Raw("-"u8).Number(message.Seq)
            .Raw("\" data-seq=\""u8).Number(message.Seq)
            .Raw("\" data-rev=\""u8).Number(message.Rev)
            .Raw("\" data-by=\""u8).Number(message.AuthorId)
            .Raw("\" data-at=\""u8).Iso(message.CreatedAt).Raw("\""u8);

    private static void WriteFace(IBufferWriter<byte> html, StoredMessage message)
    {
        html.Raw("<span class=\"face small "u8).Text(Face.Hue(message.AuthorId)).Raw(" p-u"u8).Number(message.AuthorId).Raw("\" aria-hidden=\"true\">"u8);
        if (message.Picture is { } picture)
            html.Raw("<img src=\"/pictures/"u8).Text(picture).Raw("\" alt=\"\" width=\"36\" height=\"36\" loading=\"lazy\">"u8);
        else
            html.Text(Face.Initials(message.Nickname));
        html.Raw("</span>"u8);
    }

    /// <summary>Paragraphs at empty lines, breaks at others. Nothing in a text is ever markup.</summary>
    private static void WriteText(IBufferWriter<byte> html, string body)
    {
        var isOpen = false;
        foreach (var range in body.AsSpan().Split('\n'))
        {
            var line = body.AsSpan(range);
            if (line.IsWhiteSpace())
            {
                if (isOpen)
                    html.Raw("</p>"u8);
                isOpen = false;
                continue;
            }
            html.Raw(isOpen ? "<br>"u8 : "<p>"u8).Text(line);
            isOpen = true;
        }
        if (isOpen)
            html.Raw("</p>"u8);
    }
}
