using System.Globalization;
using System.Text;

namespace WebChat.Shared;

/// <summary>What people type, before it is stored.</summary>
internal static class UserText
{
    /// <summary>A name or another single line: composed, trimmed, white space run together, and without what could disguise it
    /// or turn the text around it: control and format characters, bidi overrides, lone surrogates.</summary>
    public static string Line(string? typed)
    {
        var line = new StringBuilder();
        var gap = false;
        foreach (var rune in (typed ?? "").EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
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
        }
        return line.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>How long a text is as people count: in text elements, a family of emoji is one.</summary>
    public static int Length(string text) => new StringInfo(text).LengthInTextElements;

    /// <summary>True where the text has no more elements than <paramref name="most"/>, and not so many marks piled on them that it is longer than it looks.</summary>
    public static bool Fits(string text, int most) => text.Length <= most * 8 && Length(text) <= most;

    // A zero width joiner holds emoji families and Indic syllables together, so it stays.
    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
        || (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format && rune.Value is not 0x200D and not (>= 0xE0020 and <= 0xE007F));
}
