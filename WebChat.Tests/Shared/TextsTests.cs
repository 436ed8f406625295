using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace WebChat.Tests.Shared;

/// <summary>Every sentence in the sources has its Chinese in the resources beside them.</summary>
public sealed class TextsTests
{
    private static readonly Regex Used = new("""\b(?<localizer>T|S|texts?|words|shared)\["(?<key>(?:[^"\\]|\\.)*)"[\],]""", RegexOptions.None, TimeSpan.FromSeconds(5));

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "WebChat.sln")))
                folder = folder.Parent;
            return Path.Combine(folder!.FullName, "WebChat");
        }
    }

    public static TheoryData<string> Features =>
        [.. Directory.GetFiles(Root, "Texts.zh-Hans.resx", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(f => Path.GetFileName(Path.GetDirectoryName(f)!))];

    private static HashSet<string> Translated(string feature) =>
        [.. XDocument.Load(Path.Combine(Root, feature, "Texts.zh-Hans.resx")).Descendants("data").Select(d => (string)d.Attribute("name")!)];

    [Theory]
    [MemberData(nameof(Features))]
    public void Every_sentence_has_its_chinese(string feature)
    {
        var own = Translated(feature);
        var shared = Translated("Shared");
        var missing =
            from file in Directory.GetFiles(Path.Combine(Root, feature), "*", SearchOption.AllDirectories)
            where file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".cshtml", StringComparison.Ordinal)
            from Match match in Used.Matches(File.ReadAllText(file))
            let key = Regex.Unescape(match.Groups["key"].Value)
            let known = match.Groups["localizer"].Value is "S" or "shared" ? shared : own
            where !known.Contains(key)
            select $"{Path.GetFileName(file)}: {key}";

        Assert.Empty(missing);
    }

    [Fact]
    public void The_sentences_are_found() =>
        Assert.Contains("Send code", Used.Matches(File.ReadAllText(Path.Combine(Root, "Accounts", "Register.cshtml"))).Select(m => m.Groups["key"].Value));

    [Theory]
    [MemberData(nameof(Features))]
    public void No_sentence_stands_twice_or_is_empty(string feature)
    {
        var rows = XDocument.Load(Path.Combine(Root, feature, "Texts.zh-Hans.resx")).Descendants("data").ToList();

        Assert.Empty(rows.GroupBy(r => (string)r.Attribute("name")!, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.Empty(rows.Where(r => string.IsNullOrWhiteSpace((string?)r.Element("value"))).Select(r => (string)r.Attribute("name")!));
    }
}
