namespace WebChat.Shared.Marks;

/// <summary><c>[words](address)</c> in a text.</summary>
internal static class LinkMark
{
    /// <summary>
    /// Reads the link that begins at a <c>[</c>: words on one line without brackets, and an address of http, https or mailto without
    /// title. Pictures are none, nor is a link whose words name another host than it leads to.
    /// </summary>
    /// <param name="text">What it stands in.</param>
    /// <param name="at">Where the bracket is.</param>
    /// <param name="words">Where the words are.</param>
    /// <param name="target">Where the address is; the link ends with the bracket behind it.</param>
    public static bool TryRead(ReadOnlySpan<char> text, int at, out Range words, out Range target)
    {
        (words, target) = (default, default);
        if (at > 0 && text[at - 1] == '!')
            return false;
        var length = text[(at + 1)..].IndexOfAny('[', ']', '\n');
        var open = at + 1 + length + 1;
        if (length <= 0 || open >= text.Length || text[open - 1] != ']' || text[open] != '(')
            return false;
        var close = open + 1 + TargetLength(text[(open + 1)..]);
        if (close >= text.Length || text[close] != ')')
            return false;
        (words, target) = ((at + 1)..(open - 1), (open + 1)..close);
        return !text[words].IsWhiteSpace() && Address.IsTarget(text[target]) && IsHonest(text[words], text[target]);
    }

    // To the bracket that closes it, or to what no address holds. Where the next link's words end, this one was none: so however many
    // begin, the text is read once.
    private static int TargetLength(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length && i <= Address.Longest; i++)
        {
            var c = text[i];
            if (c <= ' ' || (c == ')' && depth-- == 0) || (c == ']' && i + 1 < text.Length && text[i + 1] == '('))
                return i;
            if (c == '(')
                depth++;
        }
        return text.Length;
    }

    private static bool IsHonest(ReadOnlySpan<char> words, ReadOnlySpan<char> target)
    {
        var said = Address.Host(words.Trim(" \t*_~`"));
        return said.IsEmpty || said.Equals(Address.Host(target[(target.IndexOf(':') + 1)..].TrimStart('/')), StringComparison.OrdinalIgnoreCase);
    }
}
