using System.Buffers;

namespace WebChat.Shared.Marks;

/// <summary>What the beginning of a line can mark: a quote, an item of a list, a block of code.</summary>
internal static class Lines
{
    public const string Fence = "```";

    private static readonly SearchValues<char> Bullets = SearchValues.Create("-*_ \t");

    private static readonly SearchValues<char> LanguageName = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+#-._");

    /// <summary>True where a line can begin with a mark; most lines of most texts begin with a letter.</summary>
    public static bool CanMark(ReadOnlySpan<char> line)
    {
        var at = 0;
        while (at < line.Length && line[at] is ' ' or '\t')
            at++;
        return at < line.Length && line[at] is '>' or '-' or '*' or '`' or (>= '0' and <= '9');
    }

    /// <summary>
    /// True for a line that quotes: <c>&gt;</c>, maybe more of them, a space, and something to quote. Without the space it is a face,
    /// like <c>&gt;_&lt;</c>.
    /// </summary>
    public static bool IsQuote(ReadOnlySpan<char> line)
    {
        var marks = line.IndexOfAnyExcept('>', ' ');
        return marks > 0 && line[0] == '>' && line[..marks].Contains(' ') && !line[marks..].IsWhiteSpace();
    }

    /// <summary>How long the mark is that makes a line an item of a list, space included, or 0: a hyphen or star, or a number with point or bracket.</summary>
    public static int ItemMark(ReadOnlySpan<char> line)
    {
        if (line.IsEmpty || !line.ContainsAnyExcept(Bullets)) // * * * separates, and is no list of lists
            return 0;
        var mark = 1;
        if (char.IsAsciiDigit(line[0]))
        {
            var digits = line.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 9 || line[digits] is not ('.' or ')'))
                return 0;
            mark = digits + 1;
        }
        else if (line[0] is not ('-' or '*'))
        {
            return 0;
        }
        return mark < line.Length && line[mark] is ' ' or '\t' && !line[mark..].IsWhiteSpace() ? mark + 1 : 0;
    }

    /// <summary>True for what stands behind an opening fence to say in which language the code is: one short word. Anything else was meant to be read.</summary>
    public static bool IsLanguage(ReadOnlySpan<char> behindFence) => behindFence.Length <= 20 && !behindFence.ContainsAnyExcept(LanguageName);
}
