using System.Text;
using WebChat.Messages.Links;

namespace WebChat.Tests.Messages.Links;

public sealed class PageHeadTests
{
    [Theory]
    [InlineData("<title>Plain</title>", "Plain")]
    [InlineData("<TITLE lang=en>\n Plain </TITLE >", "\n Plain ")]
    [InlineData("<title>Plain</title><meta property='og:title' content='Said'>", "Said")]
    [InlineData("<meta content=Said property=og:title>", "Said")]
    [InlineData("<META NAME = \"og:title\"  CONTENT = \"a > b\" />", "a > b")]
    [InlineData("<meta name=twitter:title content='Bird'><title>Plain</title>", "Bird")]
    [InlineData("<meta property=og:title content='First'><meta property=og:title content='Second'>", "First")]
    [InlineData("<meta property=og:title content=''><title>Plain</title>", "Plain")]
    [InlineData("<title>&lt;b&gt; &amp; &#20013;</title>", "<b> & 中")]
    [InlineData("<title>a <b>bold</b></title>", "a <b>bold</b>")]
    [InlineData("<!-- <title>Hidden</title> --><title>Shown</title>", "Shown")]
    [InlineData("<script>'<title>Hidden</title>'</script><title>Shown</title>", "Shown")]
    [InlineData("<title>Shown</title><body><svg><title>Drawn</title></svg>", "Shown")]
    [InlineData("<body><meta property=og:title content=Late>", "Late")]
    [InlineData("<title>never closed", "never closed")]
    [InlineData("<meta property=og:title content=\"never closed", null)]
    [InlineData("<titles>x</titles>", null)]
    [InlineData("no tags", null)]
    [InlineData("", null)]
    [InlineData("<", null)]
    [InlineData("<title", null)]
    [InlineData("<meta property", null)]
    [InlineData("<meta property=", null)]
    [InlineData("<meta property=og:title content=", null)]
    public void A_title_is_what_the_page_says_of_itself(string page, string? title) => Assert.Equal(title, PageHead.Read(page).Title);

    [Fact]
    public void Words_and_picture_come_from_where_pages_put_them()
    {
        var both = PageHead.Read("<meta name=description content=plain><meta name=twitter:description content=bird><meta property=og:description content=said><meta name=twitter:image content=/b.png><meta property=og:image content=/a.png>");
        Assert.Equal(("said", "/a.png"), (both.Description, both.Picture));
        var few = PageHead.Read("<meta name=description content=plain><meta name=twitter:image:src content=/b.png>");
        Assert.Equal(("plain", "/b.png"), (few.Description, few.Picture));
        Assert.Equal((null, null), (PageHead.Read("<p>").Description, PageHead.Read("<p>").Picture));
    }

    [Theory]
    [InlineData("windows-1251", "windows-1251", "")]
    [InlineData("gb18030", "gb2312", "")]
    [InlineData("gb18030", null, "<meta charset=\"GBK\">")]
    [InlineData("shift_jis", null, "<meta http-equiv='Content-Type' content='text/html; charset=Shift_JIS'>")]
    [InlineData("utf-8", null, "")]
    [InlineData("utf-8", "no-such-charset", "")]
    [InlineData("utf-8", "utf-7", "")]
    [InlineData("utf-8", null, "<meta charset=utf-16>")]
    public void A_page_is_read_in_its_encoding(string encoding, string? charset, string meta)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var word = encoding switch { "windows-1251" => "привет", "shift_jis" => "こんにちは", _ => "你好" };
        Assert.Equal(word, PageHead.Read(Encoding.GetEncoding(encoding).GetBytes($"{meta}<title>{word}</title>"), charset).Title);
    }

    [Fact]
    public void A_byte_order_mark_knows_best() =>
        Assert.Equal("你好", PageHead.Read([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("<title>你好</title>")], "windows-1251").Title);

    // Each is half a megabyte: a parser that calls itself, or begins anew, would not come back from some of them.
    [Theory]
    [InlineData("", "</>")]
    [InlineData("", "<>")]
    [InlineData("", "<!>")]
    [InlineData("", "<?>")]
    [InlineData("", "<div>")]
    [InlineData("", "<")]
    [InlineData("", "<a")]
    [InlineData("", "<!--")]
    [InlineData("<!--", "-")]
    [InlineData("", "<title>")]
    [InlineData("<title>", "</titl")]
    [InlineData("<title>", "&")]
    [InlineData("", "<script>")]
    [InlineData("<script>", "<!--<script>")]
    [InlineData("", "<template>")]
    [InlineData("<meta ", "a ")]
    [InlineData("<meta ", "a=b ")]
    [InlineData("<meta ", "=")]
    [InlineData("<meta ", "/")]
    [InlineData("<meta ", " ")]
    [InlineData("<meta content='", "&amp;")]
    [InlineData("", "<meta name=a content='")]
    [InlineData("", "<meta property=og:title content=' '>")]
    [InlineData("", "\0")]
    [InlineData("", "charset=")]
    public void No_page_is_too_broken_to_be_read(string start, string piece)
    {
        var page = start + string.Concat(Enumerable.Repeat(piece, LinkFetcher.MostBytes / piece.Length));
        Assert.True(Processor.Milliseconds(() => PageHead.Read(Encoding.UTF8.GetBytes(page), null)) < 500);
    }
}
