using System.Globalization;
using System.Text;

namespace WebChat.Shared.Marks;

/// <summary>
/// Whether a run of <c>*</c>, <c>_</c> or <c>~</c> may open what stands behind it and close what stands before it: the flanks of
/// CommonMark (section 6.2), with two changes for people who chat. Chinese, Japanese and Korean are written without spaces, so that
/// <c>**你好。**谢谢</c> closes. And within a word of letters or digits nothing is a mark: <c>2*3*4</c> is a sum.
/// </summary>
internal readonly record struct Flank(bool Opens, bool Closes)
{
    /// <param name="text">What the run stands in.</param>
    /// <param name="at">Where the run begins.</param>
    /// <param name="length">How many characters it has.</param>
    public static Flank Of(ReadOnlySpan<char> text, int at, int length)
    {
        var (before, after) = (Side.Before(text, at), Side.After(text, at + length));
        if ((before.IsWord && after.IsWord) || (text[at] == '~' && length != 2))
            return default;
        var isLeft = !after.IsSpace && (!after.IsPunctuation || before.IsSpace || before.IsPunctuation || before.IsIdeograph);
        var isRight = !before.IsSpace && (!before.IsPunctuation || after.IsSpace || after.IsPunctuation || after.IsIdeograph);
        return text[at] == '*'
            ? new Flank(isLeft, isRight)
            : new Flank(isLeft && (!isRight || before.IsPunctuation), isRight && (!isLeft || after.IsPunctuation));
    }

    /// <summary>True where a text begins, or ends, with a letter or digit of a script that is written with spaces.</summary>
    public static bool IsWord(ReadOnlySpan<char> text, bool last) => (last ? Side.Before(text, text.Length) : Side.After(text, 0)).IsWord;

    // What stands beside a run; the ends of a text count as space.
    private readonly record struct Side(bool IsSpace, bool IsPunctuation, bool IsIdeograph, bool IsWord)
    {
        private static readonly Side Space = new(IsSpace: true, false, false, false);

        public static Side Before(ReadOnlySpan<char> text, int at) => at == 0 ? Space : Of(LastRune(text[..at]));

        public static Side After(ReadOnlySpan<char> text, int at) => at >= text.Length ? Space : Of(FirstRune(text[at..]));

        private static Side Of(Rune rune)
        {
            if (Rune.IsWhiteSpace(rune))
                return Space;
            var isLetter = Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            return new Side(false, Rune.IsPunctuation(rune) || Rune.IsSymbol(rune), IsEastAsian(rune.Value), isLetter && Rune.GetUnicodeCategory(rune) != UnicodeCategory.OtherLetter);
        }

        private static Rune FirstRune(ReadOnlySpan<char> text)
        {
            Rune.DecodeFromUtf16(text, out var rune, out _);
            return rune;
        }

        private static Rune LastRune(ReadOnlySpan<char> text)
        {
            Rune.DecodeLastFromUtf16(text, out var rune, out _);
            return rune;
        }

        // Hangul, kana, ideographs, and the punctuation and wide forms that stand between them.
        private static bool IsEastAsian(int value) =>
            value is (>= 0x1100 and <= 0x11FF) or (>= 0x2E80 and <= 0x9FFF) or (>= 0xA960 and <= 0xA97F) or (>= 0xAC00 and <= 0xD7FF)
                or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE4F) or (>= 0xFF00 and <= 0xFFEF) or (>= 0x20000 and <= 0x3FFFF);
    }
}
