using System.Globalization;
using System.Text;
using WebChat.Messages.Kinds;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Search;

/// <summary>What stands in the index of a text: its words in lower case, the characters and pairs of characters of scripts that part no words, and each sign.</summary>
internal static class Terms
{
    /// <summary>Most terms of one message; a text of ordinary words has a quarter of them.</summary>
    private const int Most = 4096;

    /// <summary>Where a word is cut in the index, in UTF-16 units.</summary>
    private const int LongestWord = 40;

    /// <summary>What a message is found by, its author among it; nothing for notes, and for what was taken back.</summary>
    public static HashSet<string> Of(StoredMessage message)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal);
        if (message.Kind == MessageKind.Note || message.IsRecalled)
            return terms;
        terms.Add(By(message.AuthorId));
        foreach (var token in Tokens(Fold(Clean(Kind.Of(message).Words(message)))))
        {
            if (terms.Count >= Most)
                break;
            terms.UnionWith(token.Terms(isWhole: true));
        }
        return terms;
    }

    /// <summary>The term of everything that somebody wrote. No text has it: there, the sign and the number are two.</summary>
    public static string By(long userId) => string.Create(CultureInfo.InvariantCulture, $"@{userId}");

    /// <summary>A text as it can be looked through: composed, and without what is no character at all, or a mark on too many others.</summary>
    public static string Clean(string text) => UserText.Unpiled(IsWellFormed(text) ? text : string.Concat(text.EnumerateRunes())).Normalize();

    /// <summary>The same text without the difference of case and width. Every character keeps its place.</summary>
    public static string Fold(string text)
    {
        var lower = text.ToLowerInvariant();
        return !lower.AsSpan().ContainsAnyInRange('\u3000', '\uFF5E') ? lower : string.Create(lower.Length, lower, static (folded, from) =>
        {
            for (var i = 0; i < from.Length; i++)
                folded[i] = from[i] switch { >= '\uFF01' and <= '\uFF5E' => (char)(from[i] - 0xFEE0), '\u3000' => ' ', var c => c };
        });
    }

    /// <summary>The pieces that a folded text is made of, in their order.</summary>
    public static IEnumerable<Token> Tokens(string folded)
    {
        var (start, script) = (0, Script.None);
        for (var at = 0; at < folded.Length;)
        {
            var rune = Rune.GetRuneAt(folded, at);
            var next = Scripts.Of(rune);
            var joins = script is Script.Word or Script.Unspaced && (next == script || next == Script.Mark);
            if (!joins)
            {
                if (script != Script.None)
                    yield return new Token(folded, start, at, script);
                (start, script) = (at, next == Script.Mark ? Script.None : next);
            }
            at += rune.Utf16SequenceLength;
        }
        if (script != Script.None)
            yield return new Token(folded, start, folded.Length, script);
    }

    /// <summary>A word as far as the index holds it.</summary>
    public static string Cut(string word) => word.Length <= LongestWord ? word : word[..(char.IsHighSurrogate(word[LongestWord - 1]) ? LongestWord - 1 : LongestWord)];

    private static bool IsWellFormed(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
                continue;
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
                return false;
            at++;
        }
        return true;
    }
}

/// <summary>A word, a run of characters that are not parted, or a sign, within a folded text.</summary>
internal readonly record struct Token(string Folded, int Start, int End, Script Script)
{
    public string Text => Folded[Start..End];

    /// <summary>What the index has of it.</summary>
    /// <param name="isWhole">With single characters, which a text is found by; to look for a run, its pairs are enough.</param>
    public IEnumerable<string> Terms(bool isWhole)
    {
        if (Script != Script.Unspaced)
        {
            yield return Messages.Search.Terms.Cut(Text);
            yield break;
        }
        for (var at = Start; at < End;)
        {
            var length = Rune.GetRuneAt(Folded, at).Utf16SequenceLength;
            var isLast = at + length == End;
            if (isWhole || (isLast && at == Start))
                yield return Folded.Substring(at, length);
            if (!isLast)
                yield return Folded.Substring(at, length + Rune.GetRuneAt(Folded, at + length).Utf16SequenceLength);
            at += length;
        }
    }
}
