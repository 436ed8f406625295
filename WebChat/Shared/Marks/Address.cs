using System.Buffers;
using System.Globalization;
using System.Text;

namespace WebChat.Shared.Marks;

/// <summary>Web addresses as people write them in a text.</summary>
internal static class Address
{
    /// <summary>What is longer is no address that anybody means to open.</summary>
    public const int Longest = 2048;

    /// <summary>What a bare address begins with.</summary>
    public static SearchValues<string> Beginnings { get; } = SearchValues.Create(["http://", "https://", "www."], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> Ending = SearchValues.Create("?!.,:;*_~'");

    private static readonly SearchValues<char> BehindHost = SearchValues.Create("/?#: \\");

    /// <summary>
    /// Reads the address that begins here: to the next space, quotation mark or wide punctuation, without the points and brackets that
    /// belong to the sentence around it.
    /// </summary>
    /// <param name="text">What it stands in.</param>
    /// <param name="at">Where it may begin.</param>
    /// <param name="end">Where the text goes on, behind the address or behind what cannot hold one.</param>
    public static bool TryRead(ReadOnlySpan<char> text, int at, out int end)
    {
        end = at + 1;
        var rest = text[at..];
        var host = rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : rest.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? 4 : 0;
        if (host == 0 || (at > 0 && (char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '@' or '/' or '.')))
            return false;
        var length = host;
        while (length < rest.Length && Goes(rest, length))
            length++;
        if (length > Longest)
        {
            end = at + length;
            return false;
        }
        rest = rest[..WithoutEnding(rest[..length])];
        if (rest.Length <= host || !char.IsLetterOrDigit(rest[host]) || (host == 4 && !rest[host..].Contains('.')) || !Uri.TryCreate(Complete(rest), UriKind.Absolute, out _))
            return false;
        end = at + rest.Length;
        return true;
    }

    /// <summary>A bare address with what the browser needs before it.</summary>
    public static string Complete(ReadOnlySpan<char> address) =>
        address.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? $"http://{address}" : address.ToString();

    /// <summary>True for what a link may lead to: an absolute address of http, https or mailto, with nothing hidden in it.</summary>
    public static bool IsTarget(ReadOnlySpan<char> typed) =>
        typed.Length <= Longest && !HasHidden(typed)
        && (typed.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || typed.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || typed.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
        && Uri.TryCreate(typed.ToString(), UriKind.Absolute, out _);

    /// <summary>The host that words seem to name, without a "www.", or empty where they do not look like an address.</summary>
    public static ReadOnlySpan<char> Host(ReadOnlySpan<char> words)
    {
        var scheme = words.IndexOf("://");
        var host = scheme >= 0 ? words[(scheme + 3)..] : words;
        var end = host.IndexOfAny(BehindHost);
        host = end < 0 ? host : host[..end];
        host = host[(host.LastIndexOf('@') + 1)..];
        if (host.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
            host = host[4..];
        var dot = host.LastIndexOf('.');
        var looksLikeOne = dot > 0 && host.Length - dot > 2 && !host.Contains("..", StringComparison.Ordinal) && char.IsLetter(host[dot + 1]);
        return scheme >= 0 || looksLikeOne ? host : default;
    }

    private static bool Goes(ReadOnlySpan<char> text, int at)
    {
        var c = text[at];
        if (c is <= ' ' or '<' or '>' or '"' or '`' or '\\' or '|' or '\x7F')
            return false;
        if (at + 1 < text.Length && (c, text[at + 1]) is ('*', '*') or ('~', '~') or (']', '('))
            return false; // marks around it
        return char.IsAscii(c) || char.IsLetterOrDigit(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
    }

    // A closing bracket belongs to the address when it was opened there: /wiki/Rose_(film)
    private static int WithoutEnding(ReadOnlySpan<char> address)
    {
        var (round, square, curly) = (Excess(address, '(', ')'), Excess(address, '[', ']'), Excess(address, '{', '}'));
        var end = address.Length;
        for (; end > 0; end--)
        {
            var c = address[end - 1];
            if (Ending.Contains(c) || (c == ')' && round-- > 0) || (c == ']' && square-- > 0) || (c == '}' && curly-- > 0))
                continue;
            break;
        }
        return end;
    }

    private static int Excess(ReadOnlySpan<char> text, char open, char close) => text.Count(close) - text.Count(open);

    private static bool HasHidden(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate || rune == Rune.ReplacementChar)
                return true;
        }
        return false;
    }
}
