using System.Text.RegularExpressions;

namespace WebChat.Messages;

/// <summary>Whom a text names: <c>@ann</c>, <c>@all</c>. Who of them is in the room, and whether all may be called, is seen when it is written.</summary>
internal sealed partial record Calls(IReadOnlyList<string> Accounts, bool All)
{
    public static readonly Calls Nobody = new([], false);

    public bool IsNobody => Accounts.Count == 0 && !All;

    /// <summary>Accounts in one text that are looked at.</summary>
    private const int Most = 50;

    public static Calls In(string text)
    {
        if (!text.Contains('@', StringComparison.Ordinal))
            return Nobody;
        var names = Name().Matches(text).Select(m => m.Groups["name"].Value).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return new Calls([.. names.Where(n => !IsAll(n)).Take(Most)], names.Exists(IsAll));
    }

    private static bool IsAll(string name) => string.Equals(name, "all", StringComparison.OrdinalIgnoreCase);

    // Not within a word: an address of mail names nobody.
    [GeneratedRegex("(?<![A-Za-z0-9_.@-])@(?<name>[A-Za-z][A-Za-z0-9_-]{2,23})(?![A-Za-z0-9_@-])", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Name();
}
