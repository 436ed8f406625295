using System.Globalization;
using System.Text;

namespace WebChat.Messages.Search;

/// <summary>How a character stands in a text, as far as finding it goes.</summary>
internal enum Script
{
    /// <summary>White space, controls, and what only changes how its neighbours look.</summary>
    None,
    /// <summary>A letter or digit of a script that parts its words.</summary>
    Word,
    /// <summary>A character of a script that does not: Han, kana, Hangul, Thai and its neighbours.</summary>
    Unspaced,
    /// <summary>A mark upon the character before.</summary>
    Mark,
    /// <summary>A sign that stands for itself: punctuation, emoji.</summary>
    Sign,
}

internal static class Scripts
{
    public static Script Of(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        _ when rune.Value is 0xFE0E or 0xFE0F => Script.None,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => Script.Mark,
        <= UnicodeCategory.OtherNumber => IsUnspaced(rune.Value) ? Script.Unspaced : Script.Word,
        >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherSymbol => Script.Sign,
        _ => Script.None,
    };

    private static bool IsUnspaced(int rune) => rune is
        (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) // Thai, Lao, Burmese, Khmer
        or (>= 0x1100 and <= 0x11FF) or (>= 0xAC00 and <= 0xD7FF) // Hangul: its words carry endings
        or (>= 0x2E80 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF66 and <= 0xFFDC) or (>= 0x20000 and <= 0x3FFFF);
}
