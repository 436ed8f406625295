using WebChat.Shared.Marks;

namespace WebChat.Messages.Formatting;

/// <summary>Whom a message calls by name.</summary>
/// <param name="Accounts">Their accounts.</param>
/// <param name="IsAll">True where "@all" calls everybody in the room.</param>
internal sealed record Mentioned(IReadOnlyCollection<string> Accounts, bool IsAll)
{
    public static Mentioned Nobody { get; } = new([], IsAll: false);

    public bool IsNobody => Accounts.Count == 0 && !IsAll;

    /// <summary>Of those it calls, who is there to be called; all are called by who leads.</summary>
    public Mentioned Among(IEnumerable<Named> members, bool leads) => new([.. members.Select(m => m.Account).Where(account => Has(account))], IsAll && leads);

    /// <summary>True for somebody who is called; letters of either case are the same.</summary>
    public bool Has(ReadOnlySpan<char> name)
    {
        if (IsAll && name.Equals(Mentions.All, StringComparison.OrdinalIgnoreCase))
            return true;
        foreach (var account in Accounts)
        {
            if (name.Equals(account, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}

/// <summary>A member of a room whom somebody names.</summary>
internal sealed record Named
{
    public required long Room { get; init; }
    public required long Id { get; init; }
    public required string Account { get; init; }
}

/// <summary>Names behind an @ in a text.</summary>
internal static class Mentions
{
    /// <summary>The name that calls everybody.</summary>
    public const string All = "all";

    /// <summary>So many people one message may name.</summary>
    public const int Most = 50;

    public const int ShortestName = 3;
    public const int LongestName = 24;

    /// <summary>
    /// The names in a text that could be accounts, each once, outside of code, addresses and links' words. Who of them is there to be
    /// called, and whether this author may call all, its caller knows. Where a name ends in <c>_</c> or <c>-</c>, the name without is
    /// given too: the mark may belong to the text.
    /// </summary>
    public static Mentioned Find(string text)
    {
        if (!text.Contains('@', StringComparison.Ordinal))
            return Mentioned.Nobody;
        var reading = new Reading();
        return Grammar.Parse(text, reading) is null ? Mentioned.Nobody : reading.Named;
    }

    /// <summary>
    /// The name behind an @, or empty: 3 to 24 letters, digits, _ and -, a letter first. Before the @ stands nothing that an e-mail
    /// address could have there; ideographs may, for they are written without spaces.
    /// </summary>
    public static ReadOnlySpan<char> NameAt(ReadOnlySpan<char> text, int at)
    {
        var before = text[..at].TrimEnd("_-+%");
        if ((before.Length > 0 && Flank.IsWord(before, last: true)) || (at > 0 && text[at - 1] == '@'))
            return default;
        var rest = text[(at + 1)..];
        var length = 0;
        while (length < rest.Length && (char.IsAsciiLetterOrDigit(rest[length]) || rest[length] is '_' or '-'))
            length++;
        if (length is < ShortestName or > LongestName || !char.IsAsciiLetter(rest[0]))
            return default;
        if (length < rest.Length && (rest[length] == '@' || Flank.IsWord(rest[length..], last: false)))
            return default;
        return rest[..length];
    }
}
