using System.Buffers;

namespace WebChat.Shared.Marks;

/// <summary>A message's text without the marks of its formatting, for where it stands on a line of a list or is quoted.</summary>
internal static class Unmarked
{
    // What clearing leaves: no text can hold it, so it stands for a character that was taken out.
    private const char Gone = '\0';

    private const int MostOpen = 32;

    private static readonly SearchValues<char> Inline = SearchValues.Create("*_~`[\\");

    /// <summary>"**hi** `x`" is "hi x"; a text without marks is the very same string.</summary>
    public static string Of(string body)
    {
        if (!body.AsSpan().ContainsAny(Inline) && !CanMark(body))
            return body;
        var rented = ArrayPool<char>.Shared.Rent(body.Length);
        var text = rented.AsSpan(0, body.Length);
        body.CopyTo(text);
        Unmark(body, text);
        var left = 0;
        foreach (var c in text)
        {
            if (c != Gone)
                text[left++] = c;
        }
        var plain = text[..left].Trim('\n').ToString();
        ArrayPool<char>.Shared.Return(rented);
        return plain;
    }

    private static bool CanMark(ReadOnlySpan<char> body)
    {
        foreach (var line in body.Split('\n'))
        {
            if (Lines.CanMark(body[line]))
                return true;
        }
        return false;
    }

    private static void Unmark(ReadOnlySpan<char> body, Span<char> text)
    {
        Span<Opened> space = stackalloc Opened[MostOpen];
        var open = new OpenMarks(space);
        var mayFence = true;
        for (var at = 0; at < body.Length;)
        {
            var end = body[at..].IndexOf('\n');
            end = end < 0 ? body.Length : at + end;
            var start = UnmarkBeginning(body[..end], at, text);
            if (start != at || body[at..end].IsWhiteSpace())
                open.Clear();
            if (mayFence && IsFence(body[start..end]))
            {
                if (FenceEnd(body, end) is { } fenceEnd)
                {
                    UnmarkFence(body, text, start, fenceEnd);
                    at = fenceEnd;
                    continue;
                }
                mayFence = false; // nor does any behind it close
            }
            UnmarkInline(body[..end], start, text, ref open);
            at = end + 1;
        }
    }

    // Takes quote marks out and puts a dot in a bullet's place; a number stays. Says where the line goes on.
    private static int UnmarkBeginning(ReadOnlySpan<char> text, int at, Span<char> into)
    {
        for (var depth = 0; depth < 4; depth++)
        {
            var indent = text[at..].IndexOfAnyExcept(' ', '\t');
            if (indent < 0)
                return at;
            var mark = at + indent;
            if (Lines.IsQuote(text[mark..]))
            {
                at = mark + (text[mark + 1] == ' ' ? 2 : 1);
                into[mark..at].Clear();
            }
            else if (Lines.ItemMark(text[mark..]) is > 0 and var length)
            {
                if (!char.IsAsciiDigit(text[mark]))
                    into[mark] = '•';
                at = mark + length;
            }
            else
            {
                return at;
            }
        }
        return at;
    }

    private static bool IsFence(ReadOnlySpan<char> line) =>
        line.TrimStart(' ').StartsWith(Lines.Fence, StringComparison.Ordinal) && !line.TrimStart(" `").Contains('`');

    // Where the block of code ends that begins on the line before.
    private static int? FenceEnd(ReadOnlySpan<char> body, int lineEnd)
    {
        for (var at = lineEnd + 1; at < body.Length;)
        {
            var end = body[at..].IndexOf('\n');
            end = end < 0 ? body.Length : at + end;
            var line = body[at..end].Trim(' ');
            if (line.StartsWith(Lines.Fence, StringComparison.Ordinal) && !line.ContainsAnyExcept('`'))
                return end;
            at = end + 1;
        }
        return null;
    }

    // The lines with the fences go, the language with them.
    private static void UnmarkFence(ReadOnlySpan<char> body, Span<char> text, int start, int end)
    {
        var first = start + body[start..end].IndexOf('\n');
        var behind = start + body[start..first].LastIndexOf('`') + 1;
        text[start..(Lines.IsLanguage(body[behind..first].Trim(' ')) ? first + 1 : behind)].Clear();
        var last = body[..end].LastIndexOf('\n');
        text[Math.Max(last, first)..end].Clear();
    }

    private static void UnmarkInline(ReadOnlySpan<char> body, int at, Span<char> text, ref OpenMarks open)
    {
        while (at < body.Length)
        {
            var c = body[at];
            if (c == '\\')
            {
                at += 2;
            }
            else if (c == '`')
            {
                if (CodeMark.TryRead(body, at, out var code, out var end))
                {
                    text[at..code.Start].Clear();
                    text[code.End..new Index(end)].Clear();
                }
                at = end;
            }
            else if (c == '[' && LinkMark.TryRead(body, at, out var words, out var target))
            {
                text[at] = Gone;
                text[words.End..new Index(target.End.Value + 1)].Clear();
                UnmarkInline(body[..words.End], words.Start.Value, text, ref open);
                at = target.End.Value + 1;
            }
            else if (c is '*' or '_' or '~')
            {
                var run = body[at..].IndexOfAnyExcept(c);
                run = run < 0 ? body.Length - at : run;
                open.Meet(new Opened(c, at, run), Flank.Of(body, at, run), text);
                at += run;
            }
            else
            {
                at++;
                if (c is 'h' or 'H' or 'w' or 'W')
                    Address.TryRead(body, at - 1, out at);
            }
        }
    }

    private record struct Opened(char Mark, int At, int Length);

    /// <summary>The marks that wait for what closes them.</summary>
    private ref struct OpenMarks(Span<Opened> open)
    {
        private readonly Span<Opened> open = open;
        private int count;

        public void Clear() => count = 0;

        /// <summary>Takes a pair out of the text for as much of the run as something was opened for; the rest may open.</summary>
        public void Meet(Opened run, Flank flank, Span<char> text)
        {
            for (var i = count - 1; flank.Closes && run.Length > 0 && i >= 0; i--)
            {
                if (open[i].Mark != run.Mark)
                    continue;
                count = i;
                while (run.Length > 0 && open[i].Length > 0)
                {
                    var pair = Math.Min(2, Math.Min(run.Length, open[i].Length));
                    text.Slice(run.At, pair).Clear();
                    text.Slice(open[i].At + open[i].Length - pair, pair).Clear();
                    run = run with { At = run.At + pair, Length = run.Length - pair };
                    open[i].Length -= pair;
                }
                if (open[i].Length > 0)
                    count = i + 1;
            }
            if (flank.Opens && run.Length > 0 && count < open.Length)
                open[count++] = run;
        }
    }
}
