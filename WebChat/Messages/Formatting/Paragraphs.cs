using System.Buffers;
using WebChat.Shared;

namespace WebChat.Messages.Formatting;

/// <summary>Writes lines as paragraphs: a break at each new line, a new paragraph behind an empty one. Nothing in them is markup.</summary>
internal ref struct Paragraphs(IBufferWriter<byte> html)
{
    private bool isOpen;

    /// <summary>Writes a text of which nothing means more than it says.</summary>
    public static void Write(IBufferWriter<byte> html, ReadOnlySpan<char> text)
    {
        var paragraphs = new Paragraphs(html);
        while (true)
        {
            var end = text.IndexOf('\n');
            paragraphs.Line(end < 0 ? text : text[..end]);
            if (end < 0)
                break;
            text = text[(end + 1)..];
        }
        paragraphs.End();
    }

    public void Line(ReadOnlySpan<char> line)
    {
        if (line.IsEmpty || line.IsWhiteSpace())
        {
            End();
            return;
        }
        html.Raw(isOpen ? "<br>"u8 : "<p>"u8).Text(line);
        isOpen = true;
    }

    public void End()
    {
        if (isOpen)
            html.Raw("</p>"u8);
        isOpen = false;
    }
}
