using System.Runtime.CompilerServices;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax.Inlines;
using WebChat.Shared.Marks;

namespace WebChat.Messages.Formatting;

/// <summary>Code on a line.</summary>
internal sealed class Code : LeafInline
{
    public required StringSlice Text { get; init; }
}

/// <summary>A link with words of its own, or a bare address that is its own words.</summary>
internal sealed class Link : LeafInline
{
    public required StringSlice Words { get; init; }

    public StringSlice? Target { get; init; }
}

/// <summary>Somebody's account, or all, behind an @ that is part of it.</summary>
internal sealed class Mention : LeafInline
{
    public required StringSlice Text { get; init; }
}

/// <summary>A backslash takes the meaning of the mark behind it, and stays: <c>¯\_(ツ)_/¯</c>.</summary>
internal sealed class BackslashParser : InlineParser
{
    public BackslashParser() => OpeningCharacters = ['\\'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (!slice.PeekChar().IsAsciiPunctuation())
            return false;
        processor.Inline = new LiteralInline(new StringSlice(slice.Text, slice.Start, slice.Start + 1));
        slice.Start += 2;
        return true;
    }
}

internal sealed class CodeParser : InlineParser
{
    public CodeParser() => OpeningCharacters = ['`'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (!CodeMark.TryRead(slice.Through(), slice.Start, out var code, out var end))
            return false;
        processor.Inline = new Code { Text = new StringSlice(slice.Text, code.Start.Value, code.End.Value - 1) };
        slice.Start = end;
        return true;
    }
}

/// <summary>Bold, italic and strike, by <see cref="Flank"/>.</summary>
internal sealed class EmphasisParser : EmphasisInlineParser
{
    // Each is compared with those before it: what a paragraph has beyond these is text.
    private const int MostInParagraph = 200;

    public EmphasisParser() => EmphasisDescriptors.Add(new EmphasisDescriptor('~', 2, 2, enableWithinWord: false));

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var mark = slice.CurrentChar;
        if (slice.PeekCharExtra(-1) == mark && slice.PeekCharExtra(-2) != '\\')
            return false; // the rest of a run that is text
        var text = slice.Through();
        var length = text[slice.Start..].IndexOfAnyExcept(mark);
        length = length < 0 ? text.Length - slice.Start : length;
        var flank = Flank.Of(text, slice.Start, length);
        var count = (StrongBox<int>)(processor.ParserStates[Index] ??= new StrongBox<int>());
        if (flank is { Opens: false, Closes: false } || count.Value == MostInParagraph)
            return false;
        count.Value++;
        var descriptor = EmphasisDescriptors.Find(d => d.Character == mark)!;
        processor.Inline = new EmphasisDelimiterInline(this, descriptor)
        {
            Content = new StringSlice(slice.Text, slice.Start, slice.Start + length - 1),
            DelimiterCount = length,
            Type = (flank.Opens ? DelimiterType.Open : DelimiterType.Undefined) | (flank.Closes ? DelimiterType.Close : DelimiterType.Undefined),
        };
        slice.Start += length;
        return true;
    }
}

internal sealed class LinkParser : InlineParser
{
    public LinkParser() => OpeningCharacters = ['['];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (!LinkMark.TryRead(slice.Through(), slice.Start, out var words, out var target))
            return false;
        var link = new Link
        {
            Words = new StringSlice(slice.Text, words.Start.Value, words.End.Value - 1),
            Target = new StringSlice(slice.Text, target.Start.Value, target.End.Value - 1),
        };
        processor.Inline = link;
        (processor.Context as Reading)?.Met(link);
        slice.Start = target.End.Value + 1;
        return true;
    }
}

/// <summary>Addresses that stand in a text as they are.</summary>
internal sealed class AddressParser : InlineParser
{
    public AddressParser() => OpeningCharacters = ['h', 'H', 'w', 'W'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var isAddress = Address.TryRead(slice.Through(), slice.Start, out var end);
        if (!isAddress && end == slice.Start + 1)
            return false;
        var words = new StringSlice(slice.Text, slice.Start, end - 1);
        slice.Start = end;
        if (!isAddress)
        {
            processor.Inline = new LiteralInline(words);
            return true;
        }
        var link = new Link { Words = words };
        processor.Inline = link;
        (processor.Context as Reading)?.Met(link);
        return true;
    }
}

/// <summary>Names behind an @: those that the reading knows.</summary>
internal sealed class MentionParser : InlineParser
{
    public MentionParser() => OpeningCharacters = ['@'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (processor.Context is not Reading reading)
            return false;
        var text = slice.Through();
        var name = Mentions.NameAt(text, slice.Start);
        if (name.IsEmpty || reading.Met(name) is not (> 0 and var length))
            return false;
        processor.Inline = new Mention { Text = new StringSlice(slice.Text, slice.Start, slice.Start + length) };
        slice.Start += 1 + length;
        return true;
    }
}

internal static class Slices
{
    /// <summary>The text to where the slice ends, from the beginning: what stands before the slice counts too.</summary>
    public static ReadOnlySpan<char> Through(this StringSlice slice) => slice.Text.AsSpan(0, slice.End + 1);
}
