using System.Buffers;
using WebChat.Shared.Marks;

namespace WebChat.Messages.Formatting;

/// <summary>What people write in a message, as HTML and as plain words.</summary>
internal static class MessageText
{
    // Marks, and what betrays one: two tildes, an address, the beginning of a line.
    private static readonly SearchValues<char> Hints = SearchValues.Create("*_`[~:.\n");
    private static readonly SearchValues<char> HintsAndNames = SearchValues.Create("*_`[~:.\n@");

    /// <summary>Writes a text as HTML. Nothing in it becomes markup but what <see cref="Grammar"/> knows.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="body">As it is stored.</param>
    /// <param name="mentioned">Whom it calls; nobody else's name is marked.</param>
    public static void Write(IBufferWriter<byte> html, string body, Mentioned mentioned)
    {
        if (!IsPlain(body, mentioned) && Grammar.Parse(body, new Reading { Known = mentioned }) is { } document)
            MarkWriter.Write(html, document);
        else
            Paragraphs.Write(html, body);
    }

    /// <summary>The text without its marks, for lists and quotes.</summary>
    public static string Plain(string body) => Unmarked.Of(body);

    /// <summary>True for one to three emoji and nothing else, which are shown large.</summary>
    public static bool IsGlyph(string body) => Emoji.IsOneToThree(body);

    /// <summary>The first address of http or https in a text outside of code, or null.</summary>
    public static Uri? FirstAddress(string body)
    {
        if (!body.AsSpan().ContainsAny(Address.Beginnings))
            return null;
        var reading = new Reading();
        return Grammar.Parse(body, reading) is not null && Uri.TryCreate(reading.FirstAddress, UriKind.Absolute, out var address) ? address : null;
    }

    // Most texts are, and cost no parser: they are looked through once.
    private static bool IsPlain(ReadOnlySpan<char> text, Mentioned mentioned)
    {
        if (Lines.CanMark(text))
            return false;
        var hints = mentioned.IsNobody ? Hints : HintsAndNames;
        for (var at = 0; text[at..].IndexOfAny(hints) is >= 0 and var next; at++)
        {
            at += next;
            var behind = text[(at + 1)..];
            var isMark = text[at] switch
            {
                '~' => behind is ['~', ..],
                ':' => behind is ['/', '/', ..],
                '.' => text[..at].EndsWith("www", StringComparison.OrdinalIgnoreCase),
                '\n' => Lines.CanMark(behind),
                _ => true,
            };
            if (isMark)
                return false;
        }
        return true;
    }
}
