using System.Globalization;
using System.Text;

namespace WebChat.Shared;

/// <summary>What people type, before it is stored.</summary>
internal static class UserText
{
    /// <summary>A name or another single line: composed, trimmed, white space run together, and without what could disguise it
    /// or turn the text around it: control and format characters, bidi overrides, lone surrogates. Empty where nothing of it
    /// can be seen.</summary>
    public static string Line(string? typed)
    {
        var line = new StringBuilder();
        var gap = false;
        var isSeen = false;
        foreach (var rune in (typed ?? "").EnumerateRunes())
        {
            if (IsBlank(rune))
            {
                gap = line.Length > 0;
                continue;
            }
            if (rune == Rune.ReplacementChar || IsHidden(rune))
                continue;
            if (gap)
                line.Append(' ');
            gap = false;
            line.Append(rune.ToString());
            isSeen |= IsSeen(rune);
        }
        return !isSeen ? "" : line.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>How long a text is as people count: in text elements, a family of emoji is one.</summary>
    public static int Length(string text) => new StringInfo(text).LengthInTextElements;

    /// <summary>True where the text has no more elements than <paramref name="most"/>, and not so many marks piled on them that it is longer than it looks.</summary>
    public static bool Fits(string text, int most) => text.Length <= most * 8 && Length(text) <= most;

    // Besides white space: the Hangul fillers and the Braille pattern without dots, letters and symbols that are drawn as nothing.
    private static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is 0x3164 or 0xFFA0 or 0x2800;

    // Joiners, variation selectors, tags and the fillers of Hangul syllables change what stands beside them and are nothing by themselves.
    private static bool IsSeen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
        && rune.Value is not (0x115F or 0x1160 or (>= 0xE0000 and <= 0xE0FFF));

    // A zero width joiner holds emoji families and Indic syllables together, so it stays.
    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
        || (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format && rune.Value is not 0x200D and not (>= 0xE0020 and <= 0xE007F));
}
