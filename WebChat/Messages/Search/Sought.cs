using System.Text;

namespace WebChat.Messages.Search;

/// <summary>
/// What somebody looks for. Each piece between spaces has to stand in the text as it is typed, but for case: no character is
/// special. A word is found by its beginning; one of one or two letters, which begins too many, as a whole.
/// </summary>
internal sealed class Sought
{
    private const int ShortestBeginning = 3;

    // Behind everything that a word can go on with.
    private const string End = "\U0010FFFF";

    private readonly List<Piece> pieces = [];

    public Sought(string query)
    {
        var spans = new HashSet<WordSpan>();
        foreach (var text in Terms.Fold(Terms.Clean(query)).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var tokens = Terms.Tokens(text).ToList();
            if (tokens.Count == 0)
                continue;
            var last = tokens[^1];
            var isEnding = last.Script == Script.Word && last.End == text.Length;
            var isShort = isEnding && last.Text.EnumerateRunes().Count() < ShortestBeginning;
            var piece = new Piece(text, tokens[0] is { Script: Script.Word, Start: 0 }, isShort);
            if (!pieces.Contains(piece))
                pieces.Add(piece);
            foreach (var token in tokens)
                spans.UnionWith(token.Terms(isWhole: false).Select(term => new WordSpan(term, term + (isEnding && !isShort && token == last ? End : "\u0001"))));
        }
        Spans = [.. spans.OrderByDescending(span => span.From.Length)];
    }

    /// <summary>What to look up in the index, the rarest, as far as one can tell, first.</summary>
    public IReadOnlyList<WordSpan> Spans { get; }

    /// <summary>How many pieces have to stand in a text.</summary>
    public int Pieces => pieces.Count;

    /// <summary>True where there is nothing to look for.</summary>
    public bool IsNothing => pieces.Count == 0;

    /// <summary>Where in a cleaned text it stands, in order and apart; null where some of it does not.</summary>
    public IReadOnlyList<Range>? In(string text)
    {
        var folded = Terms.Fold(text);
        var found = new List<(int Start, int End)>();
        foreach (var piece in pieces)
        {
            var before = found.Count;
            for (var at = folded.IndexOf(piece.Text, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(piece.Text, at + 1, StringComparison.Ordinal))
            {
                if (piece.FitsAt(folded, at))
                    found.Add((at, at + piece.Text.Length));
            }
            if (found.Count == before)
                return null;
        }
        found.Sort();
        var marks = new List<Range>();
        foreach (var (start, end) in found)
        {
            if (marks.Count > 0 && marks[^1].End.Value >= start)
                marks[^1] = marks[^1].Start..Math.Max(marks[^1].End.Value, end);
            else
                marks.Add(start..end);
        }
        return marks;
    }

    private sealed record Piece(string Text, bool BeginsWord, bool IsWhole)
    {
        public bool FitsAt(string folded, int at) =>
            !(BeginsWord && at > 0 && IsOfWord(Before(folded, at)))
            && !(IsWhole && at + Text.Length < folded.Length && IsOfWord(Rune.GetRuneAt(folded, at + Text.Length)));

        private static bool IsOfWord(Rune rune) => Scripts.Of(rune) is Script.Word or Script.Mark;

        private static Rune Before(string folded, int at) => Rune.DecodeLastFromUtf16(folded.AsSpan(0, at), out var rune, out _) == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar;
    }
}

/// <summary>The words of the index from one on, and before another.</summary>
internal sealed record WordSpan(string From, string To);
