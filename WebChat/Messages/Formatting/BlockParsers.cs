using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;
using WebChat.Shared.Marks;

namespace WebChat.Messages.Formatting;

/// <summary>Quotes, as long as they are no faces and not too deep.</summary>
internal sealed class QuoteParser : QuoteBlockParser
{
    public override BlockState TryOpen(BlockProcessor processor) =>
        Lines.IsQuote(processor.Line.AsSpan()) && processor.MayNest() ? base.TryOpen(processor) : BlockState.None;

    public override BlockState TryContinue(BlockProcessor processor, Block block)
    {
        var line = processor.Line.AsSpan();
        return line.IsEmpty || Lines.IsQuote(line) || !line.ContainsAnyExcept('>', ' ') ? base.TryContinue(processor, block) : BlockState.None;
    }
}

/// <summary>Lists whose items say something.</summary>
internal sealed class ListParser : ListBlockParser
{
    public ListParser()
    {
        ItemParsers.Clear();
        ItemParsers.AddRange([new BulletParser(), new NumberParser()]);
    }

    public override BlockState TryOpen(BlockProcessor processor) =>
        Lines.ItemMark(processor.Line.AsSpan()) > 0 && processor.MayNest() ? base.TryOpen(processor) : BlockState.None;

    private sealed class BulletParser : UnorderedListItemParser
    {
        public BulletParser() => OpeningCharacters = ['-', '*'];

        public override bool TryParse(BlockProcessor state, char pendingBulletType, out ListInfo result)
        {
            result = default;
            return Lines.ItemMark(state.Line.AsSpan()) > 0 && base.TryParse(state, pendingBulletType, out result);
        }
    }

    private sealed class NumberParser : NumberedListItemParser
    {
        public override bool TryParse(BlockProcessor state, char pendingBulletType, out ListInfo result)
        {
            result = default;
            return Lines.ItemMark(state.Line.AsSpan()) > 0 && base.TryParse(state, pendingBulletType, out result);
        }
    }
}

/// <summary>Blocks of code between fences of backticks; tildes are for strike, and for people who end sentences with them.</summary>
internal sealed class FenceParser : FencedCodeBlockParser
{
    public FenceParser()
    {
        OpeningCharacters = ['`'];
        InfoParser = ReadInfo;
    }

    private static bool ReadInfo(BlockProcessor state, ref StringSlice line, IFencedBlock fenced, char openingCharacter)
    {
        // With the space before it, should the block turn out to be none.
        var start = line.Start;
        while (line.Text[start - 1] is ' ' or '\t')
            start--;
        fenced.Info = line.Text[start..(line.End + 1)];
        return !fenced.Info.Contains('`', StringComparison.Ordinal);
    }
}

/// <summary>
/// Paragraphs that are nothing else: no heading when underlined, no definition of a reference. And a line goes on in a quote or list
/// only when it is marked so: who writes below a quote answers it.
/// </summary>
internal sealed class LazyParagraphParser : ParagraphBlockParser
{
    public LazyParagraphParser() => ParseSetextHeadings = false;

    public override BlockState TryContinue(BlockProcessor processor, Block block) =>
        block.Parent is { IsOpen: false } && !processor.IsBlankLine ? BlockState.None : base.TryContinue(processor, block);

    public override bool Close(BlockProcessor processor, Block block)
    {
        var lines = ((ParagraphBlock)block).Lines;
        for (var i = 0; i < lines.Count; i++)
        {
            lines.Lines[i].Slice.TrimStart();
            if (i == lines.Count - 1)
                lines.Lines[i].Slice.TrimEnd();
        }
        return lines.Count > 0;
    }
}

/// <summary>The paragraph that begins where a line did not go on in a quote or list.</summary>
internal sealed class NextParagraphParser : BlockParser
{
    private readonly LazyParagraphParser paragraphs = new();

    public override BlockState TryOpen(BlockProcessor processor) => paragraphs.TryOpen(processor);
}

internal static class Nesting
{
    /// <summary>True where one more quote or list may open.</summary>
    public static bool MayNest(this BlockProcessor processor)
    {
        var depth = 0;
        for (Block? block = processor.GetCurrentContainerOpened(); block is not null; block = block.Parent)
            depth += block is QuoteBlock or ListItemBlock ? 1 : 0;
        return depth < Grammar.Deepest;
    }
}
