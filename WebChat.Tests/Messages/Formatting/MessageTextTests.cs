using System.Buffers;
using System.Text;
using WebChat.Messages.Formatting;

namespace WebChat.Tests.Messages.Formatting;

public sealed class MessageTextTests
{
    private static readonly Mentioned AnnBobAll = new(["ann", "ann_lee", "bob_"], IsAll: true);

    [Theory]
    [InlineData("hello", "<p>hello</p>")]
    [InlineData("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>")]
    [InlineData("**bold** and __bold__", "<p><strong>bold</strong> and <strong>bold</strong></p>")]
    [InlineData("*italic* and _italic_", "<p><em>italic</em> and <em>italic</em></p>")]
    [InlineData("~~gone~~", "<p><del>gone</del></p>")]
    [InlineData("***both***", "<p><em><strong>both</strong></em></p>")]
    [InlineData("**a\nb**", "<p><strong>a<br>b</strong></p>")]
    [InlineData("`a < b` and ``a ` b``", "<p><code>a &lt; b</code> and <code>a ` b</code></p>")]
    [InlineData("```\none\n\n  two <b>\n```\nafter", "<pre><code>one\n\n  two &lt;b&gt;</code></pre><p>after</p>")]
    [InlineData("```cs\nvar x = 1;\n```", "<pre><code>var x = 1;</code></pre>")]
    [InlineData("> said\n> before\nmy answer", "<blockquote><p>said<br>before</p></blockquote><p>my answer</p>")]
    [InlineData("> a\n>\n> b", "<blockquote><p>a</p><p>b</p></blockquote>")]
    [InlineData(">> within\n> a quote", "<blockquote><blockquote><p>within</p></blockquote><p>a quote</p></blockquote>")]
    [InlineData("To buy:\n- milk\n- eggs\nThanks", "<p>To buy:</p><ul><li>milk</li><li>eggs</li></ul><p>Thanks</p>")]
    [InlineData("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>")]
    [InlineData("3. three\n7) seven", "<ol><li value=\"3\">three</li></ol><ol><li value=\"7\">seven</li></ol>")]
    [InlineData("1. one\n5. five\n6. six", "<ol><li>one</li><li value=\"5\">five</li><li>six</li></ol>")]
    [InlineData("- a\n  - b", "<ul><li><p>a</p><ul><li>b</li></ul></li></ul>")]
    public void These_marks_mean_something(string typed, string html) => Assert.Equal(html, Html(typed));

    [Theory]
    [InlineData("[words](https://a.example/b?c=1&d=2)", "https://a.example/b?c=1&amp;d=2", "words")]
    [InlineData("[**words** `here`](http://a.example)", "http://a.example", "<strong>words</strong> <code>here</code>")]
    [InlineData("[a \u202Eturned](http://a.example)", "http://a.example", "a \u202Eturned")]
    [InlineData("[write](mailto:ann@a.example)", "mailto:ann@a.example", "write")]
    [InlineData("https://a.example/b", "https://a.example/b", "https://a.example/b")]
    [InlineData("HTTP://A.EXAMPLE", "HTTP://A.EXAMPLE", "HTTP://A.EXAMPLE")]
    [InlineData("Www.a.example/~ann/_b_?c=*d*&amp", "http://Www.a.example/~ann/_b_?c=*d*&amp;amp", "Www.a.example/~ann/_b_?c=*d*&amp;amp")]
    [InlineData("https://a.example/wiki/Rose_(film)", "https://a.example/wiki/Rose_(film)", "https://a.example/wiki/Rose_(film)")]
    [InlineData("https://zh.example/wiki/中文", "https://zh.example/wiki/中文", "https://zh.example/wiki/中文")]
    [InlineData("[a.example](https://www.a.example/b)", "https://www.a.example/b", "a.example")]
    public void These_are_links(string typed, string address, string words) => Assert.Equal($"<p>{Link(address, words)}</p>", Html(typed));

    [Theory]
    [InlineData("see https://a.example/b.", "see ", "https://a.example/b", ".")]
    [InlineData("(https://a.example/b)", "(", "https://a.example/b", ")")]
    [InlineData("看https://a.example/b，好", "看", "https://a.example/b", "，好")]
    [InlineData("<https://a.example>", "&lt;", "https://a.example", "&gt;")]
    [InlineData("\"https://a.example\"", "&quot;", "https://a.example", "&quot;")]
    [InlineData("https://a.example/\u202Ecod.exe", "", "https://a.example/", "\u202Ecod.exe")]
    [InlineData("[a]: https://a.example", "[a]: ", "https://a.example", "")]
    [InlineData("![a](https://a.example/b.png)", "![a](", "https://a.example/b.png", ")")]
    [InlineData("[a](https://a.example \"title\")", "[a](", "https://a.example", " &quot;title&quot;)")]
    [InlineData("[bank.example](https://evil.example)", "[bank.example](", "https://evil.example", ")")]
    public void An_address_ends_where_the_sentence_goes_on(string typed, string before, string address, string after) =>
        Assert.Equal($"<p>{before}{Link(address, address)}{after}</p>", Html(typed));

    [Fact]
    public void Words_that_name_another_place_than_the_link_leads_to_are_no_words_of_a_link() =>
        Assert.Equal($"<p>[{Link("https://bank.example", "https://bank.example")}]({Link("https://evil.example", "https://evil.example")})</p>", Html("[https://bank.example](https://evil.example)"));

    [Fact]
    public void Marks_around_an_address_are_not_part_of_it()
    {
        Assert.Equal($"<p><strong>{Link("https://a.example", "https://a.example")}</strong></p>", Html("**https://a.example**"));
        Assert.Equal($"<p><em>{Link("https://a.example", "https://a.example")}</em></p>", Html("_https://a.example_"));
    }

    [Theory]
    [InlineData("# heading")]
    [InlineData("heading\n===")]
    [InlineData("heading\n---")]
    [InlineData("---")]
    [InlineData("* * *")]
    [InlineData("***")]
    [InlineData("    indented")]
    [InlineData("| a | b |\n|---|---|\n| c | d |")]
    [InlineData("[a]: b\n\n[a]")]
    [InlineData("[a][b] [c]")]
    [InlineData("[^1]: note")]
    [InlineData("![picture](picture.png)")]
    [InlineData("&lt; &amp; &#60; &copy;")]
    [InlineData("<b>bold</b><br>")]
    [InlineData("<!-- comment -->")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("<div hx-get=\"/me\" hx-trigger=\"load\" hx-on:click=\"alert(1)\">x</div>")]
    [InlineData("[a](javascript:alert(1))")]
    [InlineData("[a](JavaScript:alert(1))")]
    [InlineData("[a](javascript&#58;alert(1))")]
    [InlineData("[a](data:text/html,x)")]
    [InlineData("[a](vbscript:x)")]
    [InlineData("[a](//evil.example)")]
    [InlineData("[a](/me)")]
    [InlineData("[a]()")]
    [InlineData("[](mailto:a@b.example)")]
    [InlineData("[a](mailto:a@b.example\u202E)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("ftp://a.example file:///etc/passwd")]
    [InlineData("http:// www. www.a xhttp://a.example me@www.a.example")]
    [InlineData("\\*not\\* \\_italic\\_ \\`code\\` \\[a\\](b)")]
    [InlineData("a\\\nb")]
    [InlineData("¯\\_(ツ)_/¯")]
    [InlineData("\\\\server\\share\\*.txt")]
    [InlineData("2*3*4 = 24 and snake_case_name")]
    [InlineData("f***ing s***")]
    [InlineData("2 * 3 * 4")]
    [InlineData("好的~~拜拜~~")]
    [InlineData("~~~哈哈~~~")]
    [InlineData("~~~\ncode\n~~~")]
    [InlineData("~one~")]
    [InlineData(">_< and >.<")]
    [InlineData(">_<")]
    [InlineData(">x")]
    [InlineData(">")]
    [InlineData("-")]
    [InlineData("*")]
    [InlineData("1.")]
    [InlineData("1.5 kg")]
    [InlineData("-5")]
    [InlineData("+ 5")]
    [InlineData("1234567890. x")]
    [InlineData("so\n2. is no list")]
    [InlineData("**open")]
    [InlineData("` open")]
    [InlineData("`` ``")]
    [InlineData("```")]
    [InlineData("``` open\n**and** so on")]
    [InlineData(":smile: a:b ^x^ ==x== $x$ --- \"x\"")]
    [InlineData("- [ ]\n\n")]
    public void Everything_else_is_shown_as_typed(string typed)
    {
        var html = Html(typed);
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html.Replace("<br>", "\n", StringComparison.Ordinal).Replace("</p><p>", "\n\n", StringComparison.Ordinal));
        if (typed.StartsWith("- [", StringComparison.Ordinal))
            Assert.Equal("[ ]", page.QuerySelector("li")!.TextContent); // a list, but no box to tick
        else
            Assert.Equal(typed, page.QuerySelector("body > p:only-child")!.InnerHtml is var inner && inner.Contains('<', StringComparison.Ordinal) ? inner : page.Body!.TextContent);
    }

    [Theory]
    [InlineData("**你好。**谢谢", "<p><strong>你好。</strong>谢谢</p>")]
    [InlineData("这是**重点**内容", "<p>这是<strong>重点</strong>内容</p>")]
    [InlineData("谢谢**（你好）**吗", "<p>谢谢<strong>（你好）</strong>吗</p>")]
    public void What_is_written_without_spaces_can_be_bold_too(string typed, string html) => Assert.Equal(html, Html(typed));

    [Fact]
    public void What_a_fence_says_that_is_no_language_is_read_too()
    {
        Assert.Equal("<pre><code>hello there\nx</code></pre>", Html("```hello there\nx\n```"));
        Assert.Equal("<pre><code>hello\n</code></pre>", Html("```hello\n```"));
    }

    [Theory]
    [InlineData("@ann", "<a class=\"mention at\" href=\"/people/ann\"><bdi>@ann</bdi></a>")]
    [InlineData("@Ann_Lee", "<a class=\"mention at\" href=\"/people/ann_lee\"><bdi>@Ann_Lee</bdi></a>")]
    [InlineData("@all", "<b class=\"mention at\">@all</b>")]
    [InlineData("你好@ann你好", "你好<a class=\"mention at\" href=\"/people/ann\"><bdi>@ann</bdi></a>你好")]
    [InlineData("**@ann**", "<strong><a class=\"mention at\" href=\"/people/ann\"><bdi>@ann</bdi></a></strong>")]
    [InlineData("_@ann_", "<em><a class=\"mention at\" href=\"/people/ann\"><bdi>@ann</bdi></a></em>")]
    [InlineData("@bob_ @bob", "<a class=\"mention at\" href=\"/people/bob_\"><bdi>@bob_</bdi></a> @bob")]
    [InlineData("@ann's", "<a class=\"mention at\" href=\"/people/ann\"><bdi>@ann</bdi></a>&#39;s")]
    [InlineData("@ben", "@ben")]
    [InlineData("@anna", "@anna")]
    [InlineData("@annä", "@annä")]
    [InlineData("mail@ann.example", "mail@ann.example")]
    [InlineData("@ann@elsewhere.example", "@ann@elsewhere.example")]
    [InlineData("`@ann`", "<code>@ann</code>")]
    [InlineData("\\@ann", "\\@ann")]
    public void Only_who_was_called_is_marked(string typed, string html) => Assert.Equal($"<p>{html}</p>", Html(typed, AnnBobAll));

    [Fact]
    public void A_name_in_an_address_or_a_links_words_is_no_mention()
    {
        Assert.Equal($"<p>{Link("https://a.example/@ann", "https://a.example/@ann")}</p>", Html("https://a.example/@ann", AnnBobAll));
        Assert.Equal($"<p>{Link("https://a.example", "@ann")}</p>", Html("[@ann](https://a.example)", AnnBobAll));
    }

    [Fact]
    public void Nobody_is_marked_where_nobody_was_called() => Assert.Equal("<p>@ann and @all</p>", Html("@ann and @all"));

    [Theory]
    [InlineData("hello there", null)]
    [InlineData("see https://a.example/b, please", "https://a.example/b")]
    [InlineData("`https://a.example` then www.b.example", "http://www.b.example/")]
    [InlineData("[mail](mailto:a@b.example) [it](https://c.example)", "https://c.example/")]
    [InlineData("```\nhttps://a.example\n```", null)]
    public void The_first_address_is_the_first_outside_of_code(string typed, string? address) => Assert.Equal(address, MessageText.FirstAddress(typed)?.AbsoluteUri);

    [Fact]
    public void What_is_too_deep_is_text_and_still_all_there()
    {
        var quote = Html("> > > > > > deep");
        Assert.Equal(4, Count(quote, "<blockquote>"));
        Assert.Contains("<p>&gt; &gt; deep</p>", quote, StringComparison.Ordinal);

        var list = Html("- - - - - - deep");
        Assert.Equal(4, Count(list, "<ul>"));
        Assert.Contains("- - deep", list, StringComparison.Ordinal);

        var emphasis = Html("*a **b *c **d *e **f f** e* d** c* b** a*");
        Assert.InRange(Count(emphasis, "<em>") + Count(emphasis, "<strong>"), 2, 4);
        Assert.Contains("*e", emphasis, StringComparison.Ordinal);
    }

    private static string Html(string typed, Mentioned? mentioned = null)
    {
        var html = new ArrayBufferWriter<byte>();
        MessageText.Write(html, typed, mentioned ?? Mentioned.Nobody);
        return Encoding.UTF8.GetString(html.WrittenSpan);
    }

    private static string Link(string address, string words) => $"<a href=\"{address}\" rel=\"noopener nofollow ugc\" target=\"_blank\"><bdi>{words}</bdi></a>";

    private static int Count(string html, string tag) => html.Split(tag).Length - 1;
}
