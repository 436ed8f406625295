using System.Buffers;
using System.Globalization;
using System.Text;

namespace WebChat.Shared;

/// <summary>
/// Words and phrases that are looked for in what people write, one a line, without regard to case, width and what cannot be seen. In scripts with spaces they are
/// whole words: whoever refuses "ass" does not mean "class". In those without, they stand anywhere.
/// </summary>
internal sealed class WordList
{
    public const int MostLines = 1_000;
    public const int LongestLine = 100;

    private readonly ILookup<char, string> words;
    private readonly SearchValues<string> any;

    private WordList(string source)
    {
        Source = source;
        var folded = source.Split('\n').Select(Fold).Where(word => word.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        words = folded.ToLookup(word => word[0]);
        any = SearchValues.Create([.. folded], StringComparison.Ordinal);
    }

    /// <summary>What it was made of.</summary>
    public string Source { get; }

    public bool IsEmpty => words.Count == 0;

    public static WordList Of(string lines) => new(lines);

    /// <summary>What was typed, a line for each word, and none twice.</summary>
    public static string Tidy(string? typed) =>
        string.Join('\n', (typed ?? "").ReplaceLineEndings("\n").Split('\n').Select(UserText.Line).Where(line => line.Length > 0).DistinctBy(Fold, StringComparer.Ordinal));

    public static bool IsGood(string lines) => lines.AsSpan().Count('\n') < MostLines && Array.TrueForAll(lines.Split('\n'), line => UserText.Fits(line, LongestLine));

    public bool IsIn(string text)
    {
        if (IsEmpty)
            return false;
        var folded = Fold(text);
        for (var at = folded.AsSpan().IndexOfAny(any); at >= 0;)
        {
            foreach (var word in words[folded[at]])
            {
                if (string.CompareOrdinal(folded, at, word, 0, word.Length) == 0 && IsWhole(folded, at, at + word.Length))
                    return true;
            }
            var next = folded.AsSpan(at + 1).IndexOfAny(any);
            at = next < 0 ? -1 : at + 1 + next;
        }
        return false;
    }

    private static bool IsWhole(string text, int from, int to) =>
        !(from > 0 && IsSpaced(text[from - 1]) && IsSpaced(text[from])) && !(to < text.Length && IsSpaced(text[to - 1]) && IsSpaced(text[to]));

    /// <summary>Letters and digits of the scripts that put spaces between words: those before Thai and the scripts beside it, and what stands between these and the Chinese.</summary>
    private static bool IsSpaced(char letter) =>
        (letter is < '\u0E00' or (>= '\u10A0' and < '\u1780') or (>= '\u1800' and < '\u2E80')) && char.IsLetterOrDigit(letter);

    private static string Fold(string text)
    {
        if (Ascii.IsValid(text) && !text.AsSpan().ContainsAny('\n', '\t', '\r') && !text.Contains("  ", StringComparison.Ordinal))
            return text.Trim().ToLowerInvariant();
        var (folded, gap) = (new StringBuilder(text.Length), false);
        foreach (var rune in UserText.Unpiled(text).EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
                gap = folded.Length > 0;
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control))
            {
                if (gap)
                    folded.Append(' ');
                gap = false;
                folded.Append(rune.ToString());
            }
        }
        return folded.ToString().Normalize(NormalizationForm.FormKC).ToLowerInvariant();
    }
}
