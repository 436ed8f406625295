using System.Buffers;
using System.Globalization;
using System.Text;

namespace WebChat.Messages.Formatting;

/// <summary>Tells emoji from other signs (Unicode 17, emoji-data.txt and UTS #51).</summary>
internal static class Emoji
{
    private const int Joiner = 0x200D;
    private const int Selector = 0xFE0F;
    private const int Keycap = 0x20E3;
    private const int BlackFlag = 0x1F3F4;

    // Of the signs below the emoji planes these are drawn in colour by themselves, or often enough.
    private static readonly SearchValues<char> Coloured = SearchValues.Create(
        "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☀☁☂☃☄☎☑☔☕☘☝☠☢☣☦☪☮☯☸☹☺♀♂♈♉♊♋♌♍♎♏♐♑♒♓♟♠♣♥♦♨♻♾♿⚒⚓⚔⚕⚖⚗⚙⚛⚜⚠⚡⚧⚪⚫⚰⚱⚽⚾⛄⛅⛈⛎⛏⛑⛓⛔⛩⛪⛰⛱⛲⛳⛴⛵⛷⛸⛹⛺⛽" +
        "✂✅✈✉✊✋✌✍✏✒✔✖✝✡✨✳✴❄❇❌❎❓❔❕❗❣❤➕➖➗➡➰➿⬛⬜⭐⭕");

    // And these are text unless a selector asks for the picture.
    private static readonly SearchValues<char> Asked = SearchValues.Create("©®‼⁉™ℹ↔↕↖↗↘↙↩↪⌨⏏⏭⏮⏯⏱⏲⏸⏹⏺Ⓜ▪▫▶◀◻◼⤴⤵⬅⬆⬇〰〽㊗㊙");

    /// <summary>True for one, two or three emoji, as people count them, and nothing else.</summary>
    public static bool IsOneToThree(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (!text.IsEmpty)
        {
            var next = StringInfo.GetNextTextElementLength(text);
            if (++count > 3 || !IsOne(text[..next]))
                return false;
            text = text[next..];
        }
        return count > 0;
    }

    private static bool IsOne(ReadOnlySpan<char> element)
    {
        Span<int> runes = stackalloc int[32];
        var count = 0;
        foreach (var rune in element.EnumerateRunes())
        {
            if (count == runes.Length)
                return false;
            runes[count++] = rune.Value;
        }
        return runes[..count] switch
        {
            [(>= '0' and <= '9') or '#' or '*', Selector, Keycap] => true,
            [var first, var second] when IsRegional(first) && IsRegional(second) => true,
            [BlackFlag, .. { Length: > 1 } tags, 0xE007F] => !tags.ContainsAnyExceptInRange(0xE0020, 0xE007E),
            var sequence => IsSequence(sequence),
        };
    }

    // Pictures with selectors and skin tones, held together by joiners: a family, a woman at a computer.
    private static bool IsSequence(ReadOnlySpan<int> runes)
    {
        for (var i = 0; ; i++)
        {
            if (i == runes.Length)
                return false;
            var isAsked = i + 1 < runes.Length && runes[i + 1] == Selector;
            if (!IsPicture(runes[i], isAsked || i > 0))
                return false;
            i += isAsked ? 1 : 0;
            if (i + 1 < runes.Length && runes[i + 1] is >= 0x1F3FB and <= 0x1F3FF)
                i++;
            if (++i == runes.Length)
                return true;
            if (runes[i] != Joiner)
                return false;
        }
    }

    private static bool IsPicture(int rune, bool isAsked) =>
        rune is 0x1F004 or 0x1F0CF or 0x1F18E or (>= 0x1F191 and <= 0x1F19A) or (>= 0x1F201 and <= 0x1F251)
            or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF) or (>= 0x1F7E0 and <= 0x1F7F0) or (>= 0x1F900 and <= 0x1FAFF)
        || (isAsked && rune is 0x1F170 or 0x1F171 or 0x1F17E or 0x1F17F)
        || (rune <= char.MaxValue && (Coloured.Contains((char)rune) || (isAsked && Asked.Contains((char)rune))));

    private static bool IsRegional(int rune) => rune is >= 0x1F1E6 and <= 0x1F1FF;
}
