namespace WebChat.Shared.Marks;

/// <summary><c>`code`</c> in a text.</summary>
internal static class CodeMark
{
    /// <summary>Reads the code that begins at a run of backticks and ends, on the same line, with a run as long.</summary>
    /// <param name="text">What it stands in.</param>
    /// <param name="at">Where the run begins.</param>
    /// <param name="code">Where the code is, without the one space at both ends that lets it begin or end with a backtick.</param>
    /// <param name="end">Where the text goes on.</param>
    public static bool TryRead(ReadOnlySpan<char> text, int at, out Range code, out int end)
    {
        var run = RunAt(text, at);
        (code, end) = (default, at + run);
        if (at > 0 && text[at - 1] == '`')
            return false;
        for (var from = at + run; text[from..].IndexOfAny('`', '\n') is >= 0 and var next && text[from + next] == '`';)
        {
            var close = RunAt(text, from + next);
            if (close != run)
            {
                from += next + close;
                continue;
            }
            var (first, last) = (at + run, from + next);
            end = last + run;
            if (text[first..last].IsWhiteSpace())
                return false;
            if (last - first > 2 && text[first] == ' ' && text[last - 1] == ' ')
                (first, last) = (first + 1, last - 1);
            code = first..last;
            return true;
        }
        return false;
    }

    private static int RunAt(ReadOnlySpan<char> text, int at)
    {
        var run = text[at..].IndexOfAnyExcept('`');
        return run < 0 ? text.Length - at : run;
    }
}
