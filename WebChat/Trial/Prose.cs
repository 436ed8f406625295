using System.Text;

namespace WebChat.Trial;

/// <summary>Sentences nobody wrote: few words are said all the time and most hardly ever, as people do, a third of it in Chinese. The same seed says the same.</summary>
internal sealed class Prose(Random random)
{
    /// <summary>Words that hardly anybody says: each in about thirty of a million messages.</summary>
    private const int RareWords = 20_000;

    private static readonly string[] Words =
        """
        the to a and we is at of in on it for you are that with be not see there have can from this tomorrow today so by when will back what out boat time up
        tide harbour one good then about water just get tea over meet down house wind new any early light still come boots ten late thanks walk bread evening
        rain morning ferry road kettle north bring bridge table letter door garden quiet map ladder salt paint rope lamp bell chart cloud stone window coat
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static readonly string[] Syllables = ["ba", "cor", "del", "fen", "gar", "hol", "im", "jas", "kel", "lo", "mar", "nes", "or", "pel", "quin", "ras", "sel", "tor", "ul", "ven", "wal", "yar", "zo"];

    private const string Characters = "的我们在有是这了不到人来上大去说好时会天就看出可下过要家里你也得着水年学多想起开日生后走那小么今明早晚茶船海风雨路桥门花书饭见北南东西";

    private static readonly string[] Given = ["Ann", "Ben", "Cas", "Dora", "Emil", "Femi", "Greta", "Hana", "Ivo", "Jun", "Kira", "Lian", "Mei", "Nils", "Olga", "Pia", "Quang", "Rosa", "Sami", "Tove", "Uma", "Vera", "Wim", "Yara", "Zeno"];
    private static readonly string[] Family = ["Okafor", "Lindqvist", "Marsh", "Haddad", "Novak", "Tanaka", "Ferreira", "O'Brien", "Castellanos y Rodríguez", "Chen", "Iyer", "Petrov", "Vuković", "Dubois", "van den Berg", "Sørensen"];
    private static readonly string[] Chinese = ["陈小明", "林美华", "王海", "张雨", "李北辰", "周茶"];

    /// <summary>What somebody is called; the account is the first of it and the number.</summary>
    public static (string Account, string Nickname) Person(int number) =>
        ($"{Given[number % Given.Length].ToLowerInvariant()}{number}", number % 9 == 4 ? Chinese[number / 9 % Chinese.Length] : $"{Given[number % Given.Length]} {Family[number / Given.Length % Family.Length]}");

    /// <summary>What a group is called.</summary>
    public string Group(int number) => $"{Capital(Word())} {Word()} {number}";

    /// <summary>A message of one to thirty words.</summary>
    public string Message() => random.Next(3) == 0 ? Unspaced(2 + random.Next(28)) : Spaced(1 + Math.Min(random.Next(30), random.Next(30)));

    private string Spaced(int words)
    {
        var text = new StringBuilder(Capital(Word()));
        for (var i = 1; i < words; i++)
            text.Append(' ').Append(random.Next(12) == 0 ? RareWord(random.Next(RareWords)) : Word());
        return text.Append(".?!".AsSpan(random.Next(3), 1)).ToString();
    }

    private string Unspaced(int characters)
    {
        var text = new StringBuilder(characters + 1);
        for (var i = 0; i < characters; i++)
            text.Append(Characters[Often(Characters.Length)]);
        return text.Append('。').ToString();
    }

    private string Word() => Words[Often(Words.Length)];

    private static string RareWord(int number)
    {
        var word = new StringBuilder();
        for (var left = number + Syllables.Length; left > 0; left /= Syllables.Length)
            word.Append(Syllables[left % Syllables.Length]);
        return word.ToString();
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    /// <summary>A place below the end, the first ones most often.</summary>
    private int Often(int end) => (int)(end * Math.Pow(random.NextDouble(), 3));
}
