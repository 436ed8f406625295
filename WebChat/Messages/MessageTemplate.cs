using System.Buffers;
using WebChat.Messages.Kinds;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>
/// A message as HTML: the one source for the page, for the answer to a post and for the push. The same bytes for every
/// viewer of a language; who "I" am is marked by the page or by its script.
/// </summary>
internal static class MessageTemplate
{
    /// <summary>Writes the article.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="message">What.</param>
    /// <param name="words">In which language.</param>
    /// <param name="viewer">For whom to mark what is theirs; none for a fragment that everybody gets.</param>
    /// <param name="isFollowed">In a page, the next message stands right below and goes on with it. In a fragment the page says so.</param>
    public static void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words, Viewer? viewer = null, bool isFollowed = false)
    {
        if (message.Kind == MessageKind.Note)
            WriteNote(html, message, words);
        else
            WriteSpoken(html, message, words, viewer, isFollowed);
    }

    /// <summary>Writes the link that brings what stands before the first of these messages; nothing where they begin with the room's first.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="messages">A page, ascending by place.</param>
    /// <param name="first">The place of the room's first.</param>
    /// <param name="read">Up to where its reader had read: an older page draws the line there.</param>
    /// <param name="words">In which language.</param>
    public static void WriteOlder(IBufferWriter<byte> html, IReadOnlyList<StoredMessage> messages, long first, long read, MessageWords words)
    {
        if (messages.Count == 0 || messages[0].Seq <= first)
            return;
        html.Raw("<div class=\"older\"><a class=\"button plain slim\""u8);
        foreach (var attribute in (ReadOnlySpan<string>)["href", "hx-get"])
        {
            html.Raw(" "u8).Text(attribute).Raw("=\"/rooms/"u8).Number(messages[0].Room).Raw("?before="u8).Number(messages[0].Seq);
            if (read > 0 && read < messages[0].Seq - 1)
                html.Raw("&amp;read="u8).Number(read);
            html.Raw("\""u8);
        }
        html.Raw(" hx-target=\"closest .older\" hx-swap=\"outerHTML\">"u8).Text(words["Older messages"]).Raw("</a></div>\n"u8);
    }

    private static void WriteSpoken(IBufferWriter<byte> html, StoredMessage message, MessageWords words, Viewer? viewer, bool isFollowed)
    {
        html.Raw("<article class=\"message"u8);
        if (message.Follows)
            html.Raw(" follows"u8);
        if (message.IsRecalled)
            html.Raw(" recalled"u8);
        if (message.PinnedAt is not null)
            html.Raw(" pinned"u8);
        if (message.AuthorId == viewer?.Id)
            html.Raw(" mine"u8);
        if (isFollowed)
            html.Raw(" followed"u8);
        WriteIdentity(html, message);
        html.Raw(" data-id=\""u8).Text(message.ClientId).Raw("\""u8);
        if (!message.IsRecalled && Kind.Of(message) is { HasWords: true })
            html.Raw(" data-words"u8);
        if (!message.IsRecalled && Kind.Of(message) is { IsRecallable: false })
            html.Raw(" data-kept"u8);
        // Quotes of it that stand on a page already say what it says now.
        if (message.EditedAt is not null || message.IsRecalled)
            html.Raw(" data-line=\""u8).Text(words.Line(message)).Raw("\""u8);
        html.Raw(" aria-label=\""u8).Text(words.NameAlone(message)).Raw("\">"u8);
        WriteFace(html, message);
        html.Raw("<header class=\"by\"><a href=\"/people/"u8).Text(message.Account).Raw("\"><bdi>"u8).Text(words.NameOf(message)).Raw("</bdi></a>"u8);
        WriteBotStamp(html, message, words);
        html.Raw("</header>"u8);
        if (message.IsRecalled)
            WriteTombstone(html, message, words);
        else
            WriteBubble(html, message, words, viewer);
        html.Raw("</article>\n"u8);
    }

    private static void WriteTombstone(IBufferWriter<byte> html, StoredMessage message, MessageWords words)
    {
        html.Raw("<div class=\"bubble\" dir=\"auto\"><p>"u8).Text(words.Line(message)).Raw("</p></div>"u8);
        WriteMargin(html, message, words);
    }

    private static void WriteBubble(IBufferWriter<byte> html, StoredMessage message, MessageWords words, Viewer? viewer)
    {
        var kind = Kind.Of(message);
        html.Raw("<div class=\""u8).Text(message.Quoted is null ? kind.Bubble(message) : "bubble").Raw("\" dir=\"auto\">"u8);
        if (message.Quoted is { } quoted)
            WriteQuote(html, message, quoted, words);
        kind.Write(html, message, words, viewer);
        html.Raw("</div>"u8);
        WriteMargin(html, message, words);
        if (viewer is not { IsOutside: true })
            WriteMenu(html, message, words);
        WriteReactions(html, message, viewer);
    }

    private static void WriteMenu(IBufferWriter<byte> html, StoredMessage message, MessageWords words)
    {
        html.Raw("<details class=\"menu\"><summary class=\"tool\" aria-label=\""u8).Text(words["Message actions"]).Raw("\">"u8);
        words.Icon(html, "more");
        html.Raw("</summary><ul><li><a href=\"/rooms/"u8).Number(message.Room).Raw("/messages/"u8).Number(message.Seq).Raw("\">"u8)
            .Text(words["All actions"]).Raw("</a></li></ul></details>"u8);
    }

    private static void WriteQuote(IBufferWriter<byte> html, StoredMessage message, Said quoted, MessageWords words)
    {
        html.Raw("<a class=\"quote\" data-seq=\""u8).Number(message.ReplyTo!.Value).Raw("\" data-by=\""u8).Number(quoted.AuthorId).Raw("\" href=\"/rooms/"u8).Number(message.Room).Raw("?around="u8).Number(message.ReplyTo.Value).Raw("\"><b>"u8);
        words.Icon(html, "reply", "icon small turns");
        html.Raw("<bdi>"u8).Text(words.NameOf(quoted)).Raw("</bdi>"u8);
        WriteBotStamp(html, quoted, words);
        html.Raw("</b><span dir=\"auto\">"u8).Text(words.Line(quoted)).Raw("</span></a>"u8);
    }

    private static void WriteBotStamp(IBufferWriter<byte> html, Said said, MessageWords words)
    {
        if (said.IsBot)
            html.Raw("<span class=\"stamp\">"u8).Text(words["Bot"]).Raw("</span>"u8);
    }

    private static void WriteMargin(IBufferWriter<byte> html, StoredMessage message, MessageWords words)
    {
        html.Raw("<footer class=\"margin\">"u8);
        if (message.PinnedAt is not null)
            words.Icon(html.Raw("<span class=\"pin\">"u8), "pin", "icon small").Raw("<span class=\"unseen\">"u8).Text(words["pinned"]).Raw("</span></span>"u8);
        if (message.EditedAt is not null && !message.IsRecalled)
            html.Raw("<span class=\"edited\">"u8).Text(words["edited"]).Raw("</span>"u8);
        html.Raw("<time datetime=\""u8).Iso(message.CreatedAt).Raw("\" data-style=\"time\">"u8).Minutes(message.CreatedAt).Raw("</time></footer>"u8);
    }

    private static void WriteReactions(IBufferWriter<byte> html, StoredMessage message, Viewer? viewer)
    {
        if (message.Reactions is null)
            return;
        html.Raw("<div class=\"under\">"u8);
        foreach (var reaction in Reaction.Of(message))
        {
            if (viewer is { IsOutside: true })
            {
                html.Raw("<span class=\"reaction\"><span>"u8).Text(reaction.Emoji).Raw(" <b>"u8).Number(reaction.By.Count).Raw("</b></span></span>"u8);
                continue;
            }
            html.Raw("<button class=\"reaction\" type=\"submit\" form=\"message-action\" formaction=\"/rooms/"u8).Number(message.Room).Raw("/messages/"u8).Number(message.Seq)
                .Raw("/reactions\" name=\"emoji\" value=\""u8).Text(reaction.Emoji).Raw("\" data-by=\""u8);
            foreach (var by in reaction.By)
                html.Number(by).Raw(" "u8);
            html.Raw("\" aria-pressed=\""u8).Raw(viewer is { } me && reaction.By.Contains(me.Id) ? "true"u8 : "false"u8)
                .Raw("\"><span>"u8).Text(reaction.Emoji).Raw(" <b>"u8).Number(reaction.By.Count).Raw("</b></span></button>"u8);
        }
        html.Raw("</div>"u8);
    }

    private static void WriteNote(IBufferWriter<byte> html, StoredMessage message, MessageWords words)
    {
        html.Raw("<article class=\"happened"u8);
        WriteIdentity(html, message);
        html.Raw("><p>"u8);
        Kind.Of(message).Write(html, message, words);
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
}

/// <summary>Who looks at a page.</summary>
internal sealed record Viewer(long Id, string Account)
{
    /// <summary>Somebody who looks in from outside: nothing in it is theirs, and nothing theirs to do.</summary>
    public static readonly Viewer Outside = new(0, "") { IsOutside = true };

    public bool IsOutside { get; init; }
}
