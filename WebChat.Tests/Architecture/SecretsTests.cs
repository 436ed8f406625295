using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace WebChat.Tests.Architecture;

/// <summary>What lets somebody in stands in no file of the repository.</summary>
public sealed partial class SecretsTests
{
    [Fact]
    public void No_secret_stands_in_the_repository()
    {
        var files = Tracked();
        Assert.Contains("README.md", files);

        var found = files.Select(file => (File: file, Path: Path.Combine(LayersTests.Root, file))).Where(f => File.Exists(f.Path))
            .SelectMany(f => Found(Encoding.UTF8.GetString(File.ReadAllBytes(f.Path))).Select(secret => $"{f.File}: {secret[..Math.Min(12, secret.Length)]}…")).ToList();

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public void Secrets_are_known_when_they_are_seen()
    {
        // Put together here, or this file would have them.
        string[] secrets =
        [
            "-----BEGIN " + "RSA PRIVATE KEY-----", "-----BEGIN " + "PRIVATE KEY-----", "AKIA" + "ABCDEFGHIJKLMNOP", "ghp_" + new string('a', 36), "wcp_" + new string('b', 43),
            "wcr_" + new string('c', 43), "xoxb-" + "1234567890-abcdef", "https://ann:" + "hunter22@example.org", "Host=db;Username=app;" + "Password=correcthorse",
        ];
        foreach (var secret in secrets)
            Assert.True(Found($"before {secret} after").Any(), secret);
        Assert.Empty(Found("wcp_… Password=… https://example.org/a:b@c"));
    }

    private static IEnumerable<string> Found(string text) => Secret().Matches(text).Select(match => match.Value);

    private static List<string> Tracked()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", LayersTests.Root, "ls-files", "-z"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries).ToList();
        git.WaitForExit();
        return files;
    }

    [GeneratedRegex(
        """
        -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----
        | (?<![A-Za-z0-9])AKIA[A-Z0-9]{16}
        | (?<![A-Za-z0-9])(ghp|gho|ghs|glpat|npm)[_-][A-Za-z0-9_-]{20,}
        | (?<![A-Za-z0-9])xox[abprs]-[A-Za-z0-9-]{10,}
        | (?<![A-Za-z0-9])wc[prs]_[A-Za-z0-9_-]{43}
        | https?://[^\s/:@"']+:[^\s/:@"'{}$]{8,}@[a-z]
        | ;\s*Password=[^\s;"'<>{}$…]{6,}
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Secret();
}
