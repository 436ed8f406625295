using System.Globalization;

namespace WebChat.Messages.Search;

/// <summary>The part of a text in which something was found, on one line, in pieces that are marked or not.</summary>
internal static class Excerpt
{
    /// <summary>Characters before the first mark, and on the whole line.</summary>
    private const int Before = 60;
    private const int Whole = 240;

    /// <summary>The pieces, in order.</summary>
    /// <param name="text">All of it, cleaned.</param>
    /// <param name="marks">Where it was found, in order and apart; none for a text that was found by its author.</param>
    public static IEnumerable<(string Text, bool IsMarked)> Of(string text, IReadOnlyList<Range> marks)
    {
        var from = marks.Count == 0 || marks[0].Start.Value <= Before ? 0 : WordAt(text, marks[0].Start.Value - Before);
        var to = Math.Min(text.Length, from + Whole);
        to = to == text.Length ? to : ElementAt(text, from, to);
        if (from > 0)
            yield return ("…", false);
        var at = from;
        foreach (var (start, end) in marks.Select(m => (m.Start.Value, Math.Min(m.End.Value, to))).TakeWhile(m => m.Item1 < to))
        {
            if (start > at)
                yield return (Line(text[at..start]), false);
            yield return (Line(text[start..end]), true);
            at = end;
        }
        if (at < to)
            yield return (Line(text[at..to]), false);
        if (to < text.Length)
            yield return ("…", false);
    }

    /// <summary>Where a word begins soon after this place, or the place itself.</summary>
    private static int WordAt(string text, int place)
    {
        var space = text.AsSpan(place, Before / 3).IndexOfAny(' ', '\n');
        return space >= 0 ? place + space + 1 : ElementAt(text, Math.Max(0, place - Before), place);
    }

    /// <summary>The last beginning of a character, as people count them, that is not after this place.</summary>
    private static int ElementAt(string text, int from, int place)
    {
        var at = from;
        while (at + StringInfo.GetNextTextElementLength(text.AsSpan(at)) is var next && next <= place && next < text.Length)
            at = next;
        return at > from ? at : place;
    }

    private static string Line(string text) => text.ReplaceLineEndings(" ");
}
