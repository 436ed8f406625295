using System.Buffers;
using System.Globalization;
using Markdig.Helpers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using WebChat.Shared;
using WebChat.Shared.Marks;

namespace WebChat.Messages.Formatting;

/// <summary>Writes what <see cref="Grammar"/> read. There is no tag or attribute but those that stand here.</summary>
internal static class MarkWriter
{
    private const int DeepestEmphasis = 4;

    /// <summary>Writes the blocks of a document, quote or item.</summary>
    public static void Write(IBufferWriter<byte> html, ContainerBlock blocks)
    {
        foreach (var block in blocks)
        {
            switch (block)
            {
                case ParagraphBlock paragraph:
                    html.Raw("<p>"u8);
                    WriteInlines(html, paragraph.Inline, 0);
                    html.Raw("</p>"u8);
                    break;
                case QuoteBlock quote:
                    html.Raw("<blockquote>"u8);
                    Write(html, quote);
                    html.Raw("</blockquote>"u8);
                    break;
                case ListBlock list:
                    WriteList(html, list);
                    break;
                case FencedCodeBlock fence:
                    WriteFence(html, fence);
                    break;
            }
        }
    }

    private static void WriteList(IBufferWriter<byte> html, ListBlock list)
    {
        html.Raw(list.IsOrdered ? "<ol>"u8 : "<ul>"u8);
        var next = 1;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            html.Raw("<li"u8);
            if (list.IsOrdered && item.Order != next)
                html.Raw(" value=\""u8).Number(item.Order).Raw("\""u8); // the number that was typed
            html.Raw(">"u8);
            next = item.Order + 1;
            WriteItem(html, item);
            html.Raw("</li>"u8);
        }
        html.Raw(list.IsOrdered ? "</ol>"u8 : "</ul>"u8);
    }

    // Its only paragraph needs no space around it.
    private static void WriteItem(IBufferWriter<byte> html, ListItemBlock item)
    {
        if (item is [ParagraphBlock only])
            WriteInlines(html, only.Inline, 0);
        else
            Write(html, item);
    }

    private static void WriteFence(IBufferWriter<byte> html, FencedCodeBlock fence)
    {
        var lines = fence.Lines;
        if (fence.ClosingFencedCharCount == 0)
        {
            // Never closed, so it opened nothing.
            var paragraphs = new Paragraphs(html);
            paragraphs.Line(new string(fence.FencedChar, fence.OpeningFencedCharCount) + fence.Info);
            for (var i = 0; i < lines.Count; i++)
                paragraphs.Line(lines.Lines[i].Slice.AsSpan());
            paragraphs.End();
            return;
        }
        html.Raw("<pre><code>"u8);
        var info = fence.Info.AsSpan().Trim();
        if (!info.IsEmpty && (lines.Count == 0 || !Lines.IsLanguage(info)))
            html.Text(info).Raw("\n"u8);
        for (var i = 0; i < lines.Count; i++)
            html.Text(lines.Lines[i].Slice.AsSpan()).Raw(i < lines.Count - 1 ? "\n"u8 : ""u8);
        html.Raw("</code></pre>"u8);
    }

    private static void WriteInlines(IBufferWriter<byte> html, ContainerInline? inlines, int depth)
    {
        for (var inline = inlines?.FirstChild; inline is not null; inline = inline.NextSibling)
        {
            switch (inline)
            {
                case LiteralInline literal:
                    html.Text(literal.Content.AsSpan());
                    break;
                case LineBreakInline:
                    html.Raw("<br>"u8);
                    break;
                case Code code:
                    html.Raw("<code>"u8).Text(code.Text.AsSpan()).Raw("</code>"u8);
                    break;
                case EmphasisInline emphasis:
                    WriteEmphasis(html, emphasis, depth);
                    break;
                case Link link:
                    WriteLink(html, link);
                    break;
                case Mention mention:
                    WriteMention(html, mention.Text.AsSpan());
                    break;
                case DelimiterInline delimiter:
                    html.Text(delimiter.ToLiteral());
                    WriteInlines(html, delimiter, depth);
                    break;
            }
        }
    }

    private static void WriteEmphasis(IBufferWriter<byte> html, EmphasisInline emphasis, int depth)
    {
        if (depth == DeepestEmphasis)
        {
            ReadOnlySpan<char> mark = [emphasis.DelimiterChar, emphasis.DelimiterChar];
            html.Text(mark[..emphasis.DelimiterCount]);
            WriteInlines(html, emphasis, depth);
            html.Text(mark[..emphasis.DelimiterCount]);
            return;
        }
        var name = emphasis.DelimiterChar == '~' ? "del"u8 : emphasis.DelimiterCount == 2 ? "strong"u8 : "em"u8;
        html.Raw("<"u8).Raw(name).Raw(">"u8);
        WriteInlines(html, emphasis, depth + 1);
        html.Raw("</"u8).Raw(name).Raw(">"u8);
    }

    private static void WriteLink(IBufferWriter<byte> html, Link link)
    {
        var words = link.Words.AsSpan();
        html.Raw("<a href=\""u8).Text(link.Target is { } target ? target.AsSpan() : Address.Complete(words))
            .Raw("\" rel=\"noopener nofollow ugc\" target=\"_blank\"><bdi>"u8);
        if (link.Target is not null && words.IndexOfAny("*_~`") >= 0 && Grammar.ParseLinkWords(words.ToString()) is [ParagraphBlock only])
            WriteInlines(html, only.Inline, 0);
        else
            html.Text(words);
        html.Raw("</bdi></a>"u8);
    }

    private static void WriteMention(IBufferWriter<byte> html, ReadOnlySpan<char> mention)
    {
        if (mention[1..].Equals(Mentions.All, StringComparison.OrdinalIgnoreCase))
        {
            html.Raw("<b class=\"mention at\">"u8).Text(mention).Raw("</b>"u8);
            return;
        }
        Span<char> account = stackalloc char[Mentions.LongestName];
        var length = mention[1..].ToLowerInvariant(account);
        html.Raw("<a class=\"mention at\" href=\"/people/"u8).Text(account[..length]).Raw("\"><bdi>"u8).Text(mention).Raw("</bdi></a>"u8);
    }
}
