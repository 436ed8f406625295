using System.Text.RegularExpressions;

namespace WebChat.Tests.Architecture;

/// <summary>A feature may use those below it, never those above: read from the sources, pages included.</summary>
public sealed partial class LayersTests
{
    // Each line may use the lines below it, and nothing of its own line.
    private static readonly string[][] Layers =
    [
        ["Admin", "Trial", "Backups"], ["Messages"], ["Rooms"], ["Presence"], ["Contacts"], ["Accounts"], ["Media", "Mail"], ["Live"], ["Shared"], ["Storage"],
    ];

    internal static readonly string Root = FindRoot();

    [Fact]
    public void No_feature_refers_to_one_above_it()
    {
        var found = References().ToList();
        Assert.True(found.Count > 50, "no references found: the test would prove nothing");
        Assert.Contains(found, f => f is { From: "Messages", To: "Rooms" });

        var upward = found.Where(f => LevelOf(f.To) <= LevelOf(f.From) && f.To != f.From).ToList();

        Assert.True(upward.Count == 0, string.Join('\n', upward.Select(u => $"{u.File}: {u.From} refers to {u.To}")));
    }

    [Fact]
    public void Every_folder_of_the_app_has_its_place_in_the_layers()
    {
        var folders = Directory.GetDirectories(Path.Combine(Root, "WebChat")).Select(Path.GetFileName).Where(f => f is not ("bin" or "obj" or "Properties" or "data"));
        Assert.All(folders, f => Assert.Contains(f, Layers.SelectMany(l => l)));
    }

    [Fact]
    public void The_program_stays_a_table_of_contents() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(Root, "WebChat", "Program.cs")).Length, 20, 80);

    [Fact]
    public void Pages_have_no_script_or_style_of_their_own()
    {
        var inline = Sources().Where(f => f.EndsWith(".cshtml", StringComparison.Ordinal))
            .Where(f => Inline().IsMatch(File.ReadAllText(f))).Select(f => Path.GetRelativePath(Root, f)).ToList();
        Assert.Empty(inline);
    }

    [Fact]
    public void Pages_have_no_words_of_their_own()
    {
        Assert.Matches(Words(), "<p>Left in English</p>");
        Assert.Matches(Words(), "<input placeholder=\"Left in English\">");
        Assert.DoesNotMatch(Words(), "<p>@T[\"In resources\"]</p>");
        var words = Sources().Where(f => f.EndsWith(".cshtml", StringComparison.Ordinal))
            .SelectMany(f => File.ReadLines(f).Where(l => Words().IsMatch(l)).Select(l => $"{Path.GetRelativePath(Root, f)}: {l.Trim()}")).ToList();
        Assert.Empty(words);
    }

    [Fact]
    public void Colours_are_named_in_one_file()
    {
        // A face's two colours come from its own hue, --h, which tokens.css cannot know.
        var raw = Directory.GetFiles(Path.Combine(Root, "wwwroot", "css"), "*.css").Where(f => Path.GetFileName(f) != "tokens.css")
            .SelectMany(f => File.ReadLines(f).Where(l => RawColour().IsMatch(l) && !l.Contains("var(--h)", StringComparison.Ordinal)).Select(l => $"{Path.GetFileName(f)}: {l.Trim()}"))
            .ToList();
        Assert.Empty(raw);
    }

    private static IEnumerable<(string File, string From, string To)> References() =>
        from file in Sources()
        let feature = FeatureOf(file)
        where feature.Length > 0
        from Match use in Namespace().Matches(File.ReadAllText(file))
        let to = use.Groups["to"].Value
        where Layers.Any(l => l.Contains(to))
        select (Path.GetRelativePath(Root, file), feature, to);

    internal static int LevelOf(string feature) => Array.FindIndex(Layers, l => l.Contains(feature));

    private static string FeatureOf(string file)
    {
        var parts = Path.GetRelativePath(Path.Combine(Root, "WebChat"), file).Split(Path.DirectorySeparatorChar);
        return parts.Length > 1 ? parts[0] : "";
    }

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(Root, "WebChat"), "*.*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".cshtml", StringComparison.Ordinal))
            .Where(f => FeatureOf(f) is not ("bin" or "obj"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WebChat.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex(@"WebChat\.(?<to>[A-Z][A-Za-z]+)", RegexOptions.None, 1000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"<style|\sstyle=""[^@]*:|<script(?![^>]*\s(?:src|module)=)|\son(?:click|load|error|change|input|submit|key\w*|mouse\w*|focus|blur)=""|Html\.Raw", RegexOptions.None, 1000)]
    private static partial Regex Inline();

    [GeneratedRegex(@">[^<>@{}=&|;()]*\p{L}{2,}[^<>@{}=&|;()]*<|\b(?:aria-label|placeholder|title|alt|label|hint)=""[^""@]*\p{L}{2,}", RegexOptions.None, 1000)]
    private static partial Regex Words();

    [GeneratedRegex(@"#[0-9a-fA-F]{3,8}\b|\b(oklch|rgb|hsl)a?\(", RegexOptions.None, 1000)]
    private static partial Regex RawColour();
}
