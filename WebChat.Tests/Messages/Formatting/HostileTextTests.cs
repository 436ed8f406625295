using System.Buffers;
using System.Globalization;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using WebChat.Messages.Formatting;

namespace WebChat.Tests.Messages.Formatting;

/// <summary>Whatever somebody puts into a message.</summary>
public sealed class HostileTextTests
{
    private const int LongestText = 16 * 1024;

    private static readonly string[] Pieces =
    [
        "*", "**", "***", "_", "__", "~~", "`", "``", "```", "\n", "\n\n", "\n> ", "\n- ", "\n* ", "\n1. ", "\n  - ", "\n    ", "> ", ">> ", "- ", "9) ", " ", "  ", "\t",
        "[", "]", "(", ")", "](", "](http://a.example", "](https://a.example)", "](mailto:a@b.example)", "](javascript:alert(1))", "](data:text/html,x)", "![", "http://", "https://a.example/", "www.", "www.a.example",
        "@", "@ann", "@all", "@ann_", "\\", "\\*", "&lt;", "&", "<", ">", "\"", "'", "<script>", "</script>", "<img src=x onerror=alert(1)>", "<a href=", "<!--", "]]>", "<div hx-get=/me>", "</p>", "</a>", "# ", "---", "===", "|", "|-|",
        "\u202E", "\u2066", "\u200D", "\uFEFF", "e\u0301", "😀", "👨‍👩‍👧", "。", "，", "中", "\uD800", "{", "}", ":", ".", "!", "~", "+ ", "^", "$", "\n```\n", "\n```cs\n", "\n[a]: b", "\u2028", "\u00A0", "\u3000",
    ];

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["p"] = [], ["br"] = [], ["strong"] = [], ["em"] = [], ["del"] = [], ["code"] = [], ["pre"] = [], ["blockquote"] = [], ["ul"] = [], ["ol"] = [], ["li"] = ["value"],
        ["a"] = ["href", "rel", "target", "class"], ["bdi"] = [], ["b"] = ["class"],
    };

    private static readonly Mentioned AnnAndAll = new(["ann"], IsAll: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Nothing_becomes_markup_but_the_closed_set_and_no_word_is_lost(int seed)
    {
        var random = new Random(seed);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var round = 0; round < 1500; round++)
        {
            var (text, words) = Compose(random);
            var html = Html(text, AnnAndAll);
            var page = new HtmlParser().ParseDocument($"<body>{html}");
            var visible = new StringBuilder(page.Body!.TextContent);
            foreach (var element in page.Body.QuerySelectorAll("*"))
            {
                seen.Add(element.LocalName);
                AssertAllowed(element, text);
                visible.Append(' ').Append(element.GetAttribute("href"));
            }
            Assert.Equal(Unquoted(html), Unquoted(page.Body.InnerHtml)); // well formed: a browser reads what was written
            Assert.All(words, word => Assert.True(visible.ToString().Contains(word, StringComparison.Ordinal), $"{word} is not seen in {html}\nof {Show(text)}"));
        }
        Assert.Superset(Allowed.Keys.ToHashSet(StringComparer.Ordinal), seen);
        Assert.Equal(Allowed.Count, seen.Count); // or the texts would prove nothing
    }

    [Theory]
    [InlineData(5)]
    public void A_text_without_its_marks_keeps_its_words_and_is_no_longer(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 3000; round++)
        {
            var (text, words) = Compose(random);
            var plain = MessageText.Plain(text);
            Assert.InRange(plain.Length, 0, text.Length);
            Assert.DoesNotContain('\0', plain);
            if (!text.Contains("](", StringComparison.Ordinal)) // a link's address is not shown
                Assert.All(words, word => Assert.True(plain.Contains(word, StringComparison.Ordinal), $"{word} is not seen in {plain}\nof {Show(text)}"));
        }
    }

    public static TheoryData<string> Repeated() =>
    [
        ">", "> ", "- ", "* ", "1. ", "*_", "*_*_ ", "[", "[a](", "[a](http://a.b", "[a](http://a.b)", "![", "`", "``` \n", "*a ", "a**", " *a* ", "*a **b ", "_*~~a", "***a***", "\\*", "http://", "www.", "http://a.b/(", "www.a.a_a_",
        "@", "@ann ", "<", "1.\n", "- \n", "> \n", "- a\n", "- a\n  ", "a\n", "\n", " ", "    a\n", "*\n", "*a\n", "> *a\n", "> - > - a\n", "```\na\n```\n", "``a`b", "[a]: b\n", "``` a\n> ", "e\u0301", "a\u200D",
    ];

    [Theory]
    [MemberData(nameof(Repeated))]
    public void Whatever_is_repeated_costs_no_more_than_its_length(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, LongestText / piece.Length));
        AssertCost(text, some => Html(some, AnnAndAll));
        AssertCost(text, some => MessageText.Plain(some));
        AssertCost(text, some => Mentions.Find(some));
        Assert.InRange(Html(text, AnnAndAll).Length, 0, 200 * LongestText);
    }

    [Theory]
    [InlineData('`')]
    [InlineData('*')]
    [InlineData('~')]
    public void So_do_runs_of_marks_of_every_length(char mark)
    {
        var text = string.Concat(Enumerable.Range(1, 180).Select(i => new string(mark, i) + "a "));
        AssertCost(text, some => Html(some, AnnAndAll));
    }

    [Fact]
    public void A_text_that_nobody_could_post_is_shown_as_it_is()
    {
        var text = string.Concat(Enumerable.Repeat("**a** ", 100_000));
        Assert.Equal($"<p>{text}</p>", Html(text, AnnAndAll));
    }

    private static (string Text, List<string> Words) Compose(Random random)
    {
        var (text, words) = (new StringBuilder(), new List<string>());
        var count = random.Next(1, 40);
        for (var i = 0; i < count; i++)
        {
            if (random.Next(4) == 0)
            {
                words.Add(string.Create(CultureInfo.InvariantCulture, $"wörd{words.Count}x"));
                text.Append(words[^1]);
            }
            else
            {
                text.Append(Pieces[random.Next(Pieces.Length)]);
            }
        }
        return (text.ToString(), words);
    }

    private static void AssertAllowed(IElement element, string text)
    {
        Assert.True(Allowed.TryGetValue(element.LocalName, out var attributes), $"{element.LocalName} from {Show(text)}");
        Assert.All(element.Attributes, a => Assert.Contains(a.Name, attributes));
        if (element.LocalName != "a")
            return;
        var address = element.GetAttribute("href")!;
        if (element.ClassName == "mention at")
            Assert.Equal("/people/ann", address);
        else
            Assert.True(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto", address);
        if (element.ClassName is null)
            Assert.Equal(("noopener nofollow ugc", "_blank"), (element.GetAttribute("rel"), element.GetAttribute("target")));
        Assert.Null(element.ParentElement!.Closest("a"));
    }

    private static string Html(string text, Mentioned mentioned)
    {
        var html = new ArrayBufferWriter<byte>();
        MessageText.Write(html, text, mentioned);
        return Encoding.UTF8.GetString(html.WrittenSpan);
    }

    private static void AssertCost(string text, Action<string> work)
    {
        var quarter = text[..(text.Length / 4)];
        Processor.AssertGrowsWith(() => work(text), () => work(quarter));
    }

    private static string Unquoted(string html) =>
        html.Replace("&#39;", "'", StringComparison.Ordinal).Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&nbsp;", "\u00A0", StringComparison.Ordinal);

    private static string Show(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
