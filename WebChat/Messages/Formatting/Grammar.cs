using Markdig;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;

namespace WebChat.Messages.Formatting;

/// <summary>
/// The closed set of marks that a message may hold: bold, italic, strike, code, blocks of code, quotes, lists, links. Whatever else
/// Markdown knows is no mark here and stays as it was typed.
/// </summary>
internal static class Grammar
{
    /// <summary>Quotes and lists within each other; a mark deeper than that is text.</summary>
    public const int Deepest = 4;

    // A text that long was not posted here.
    private const int Longest = 32 * 1024;

    private static readonly MarkdownPipeline Message = Build(
        [new QuoteParser(), new ListParser(), new FenceParser(), new LazyParagraphParser(), new NextParagraphParser()],
        [new LineBreakInlineParser(), new BackslashParser(), new CodeParser(), new EmphasisParser(), new LinkParser(), new AddressParser(), new MentionParser()]);

    private static readonly MarkdownPipeline LinkWords = Build(
        [new LazyParagraphParser()],
        [new BackslashParser(), new CodeParser(), new EmphasisParser()]);

    /// <summary>Reads a text, or gives null for one that has to be shown as it is.</summary>
    public static MarkdownDocument? Parse(string text, Reading reading) => text.Length > Longest ? null : Parse(text, Message, reading);

    /// <summary>Reads a link's words, in which there are no links.</summary>
    public static MarkdownDocument? ParseLinkWords(string words) => Parse(words, LinkWords, null);

    private static MarkdownDocument? Parse(string text, MarkdownPipeline pipeline, Reading? reading)
    {
        try
        {
            return Markdown.Parse(text, pipeline, reading);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            // The parser's own guards. One message that it cannot take must not close the room in which it stands.
            return null;
        }
    }

    private static MarkdownPipeline Build(BlockParser[] blocks, InlineParser[] inlines)
    {
        var builder = new MarkdownPipelineBuilder();
        builder.BlockParsers.Clear();
        builder.BlockParsers.AddRange(blocks);
        builder.InlineParsers.Clear();
        builder.InlineParsers.AddRange(inlines);
        return builder.Build();
    }
}
