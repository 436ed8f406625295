using System.Globalization;
using System.Text;

namespace WebChat.Shared;

/// <summary>What people type, before it is stored.</summary>
internal static class UserText
{
    /// <summary>Marks on one element; Vietnamese takes two, Hebrew with cantillation four.</summary>
    private const int MostMarks = 8;

    /// <summary>No mark stands before the combining ones.</summary>
    private const char LastWithoutMarks = '\u02FF';

    private const int ZeroWidthJoiner = 0x200D;
    private const int GraphemeJoiner = 0x034F;
    private const int ObjectReplacement = 0xFFFC;
    private const int EmojiSelector = 0xFE0F;
    private const int InformationSource = 0x2139; // a letter, and an emoji
    private const int BlackFlag = 0x1F3F4;

    /// <summary>A name or another single line: composed, trimmed, white space run together, and without what could disguise it
    /// or turn the text around it: control and format characters, bidi overrides, lone surrogates. Empty where nothing of it
    /// can be seen.</summary>
    public static string Line(string? typed)
    {
        var line = new StringBuilder();
        var (gap, joined, isSeen) = (false, false, false);
        var last = default(Rune);
        foreach (var rune in (typed ?? "").EnumerateRunes())
        {
            if (IsBlank(rune))
            {
                gap = line.Length > 0;
                continue;
            }
            if (rune.Value == ZeroWidthJoiner)
                joined = !gap && IsJoined(last);
            if (rune == Rune.ReplacementChar || IsHidden(rune, last))
                continue;
            if (gap)
                line.Append(' ');
            else if (joined && IsJoined(rune))
                line.Append((char)ZeroWidthJoiner);
            (gap, joined, last) = (false, false, rune);
            line.Append(rune.ToString());
            isSeen |= IsSeen(rune);
        }
        return !isSeen ? "" : Composed(line.ToString());
    }

    /// <summary>True where there is anything to see in a text.</summary>
    public static bool IsSeen(string text) => text.EnumerateRunes().Any(rune => !IsBlank(rune) && !IsHidden(rune, default) && IsSeen(rune));

    /// <summary>How long a text is as people count: in text elements, a family of emoji is one.</summary>
    public static int Length(string text) => new StringInfo(text).LengthInTextElements;

    /// <summary>The beginning of a text, of at most so many characters of C#, that does not end within one of its own.</summary>
    public static string Beginning(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    /// <summary>True where the text has no more elements than <paramref name="most"/>, and none has so many marks piled on it that it is longer than it looks, or runs over what stands around it.</summary>
    public static bool Fits(string text, int most) => text.Length <= most * 8 && Length(text) <= most && HighestPile(text) <= MostMarks;

    /// <summary>The text without the marks that are piled higher on one element than any script does: to order a thousand takes a million steps.</summary>
    public static string Unpiled(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', LastWithoutMarks) || HighestPile(text) <= MostMarks)
            return text;
        var (kept, pile) = (new StringBuilder(text.Length), 0);
        foreach (var rune in text.EnumerateRunes())
        {
            pile = PileWith(rune, pile);
            if (pile <= MostMarks || !IsMark(rune))
                kept.Append(rune.ToString());
        }
        return kept.ToString();
    }

    /// <summary>With its marks in their order; what is piled so high that it does not fit anywhere is left as it is.</summary>
    private static string Composed(string text) => HighestPile(text) <= MostMarks ? text.Normalize(NormalizationForm.FormC) : text;

    private static int HighestPile(string text)
    {
        var (pile, highest) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            pile = PileWith(rune, pile);
            highest = Math.Max(highest, pile);
        }
        return highest;
    }

    private static int PileWith(Rune rune, int pile) => IsMark(rune) ? pile + 1 : Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format ? pile : 0;

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    // Besides white space: the Hangul fillers and the Braille pattern without dots, letters and symbols that are drawn as nothing.
    private static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is 0x3164 or 0xFFA0 or 0x2800;

    // Joiners, variation selectors, tags and the fillers of Hangul syllables change what stands beside them and are nothing by themselves.
    private static bool IsSeen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format && !IsMark(rune)
        && rune.Value is not ((>= 0x115F and <= 0x11FF) or (>= 0xD7B0 and <= 0xD7FF) or (>= 0xE0000 and <= 0xE0FFF));

    // What a zero width joiner holds together: emoji, with their colours and selectors, and the syllables of Indic scripts.
    private static bool IsJoined(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol || rune.Value is EmojiSelector or (>= 0x0900 and <= 0x0DFF);

    // Everywhere else a joiner would make two names that look alike: likewise tags behind anything but a flag, and selectors behind letters.
    private static bool IsHidden(Rune rune, Rune last) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
        || rune.Value is GraphemeJoiner or ObjectReplacement
        || (rune.Value is EmojiSelector && Rune.GetUnicodeCategory(last) is (UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter) && last.Value != InformationSource)
        || (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format && !(IsTag(rune) && (last.Value == BlackFlag || IsTag(last))));

    private static bool IsTag(Rune rune) => rune.Value is >= 0xE0020 and <= 0xE007F;
}
