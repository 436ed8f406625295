using WebChat.Media;

namespace WebChat.Tests.Media;

public sealed class FileNameTests
{
    [Theory]
    [InlineData("notes.txt", "notes.txt")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"C:\Users\ann\Desktop\plan b.pdf", "plan b.pdf")]
    [InlineData("a\r\nSet-Cookie: x.png", "a Set-Cookie: x.png")]
    [InlineData("a\u0007b\u001B.png", "ab.png")]
    [InlineData("invoice\u202Egpj.exe", "invoicegpj.exe")]
    [InlineData("照片 1.jpg", "照片 1.jpg")]
    [InlineData("👩‍🚀.png", "👩‍🚀.png")]
    [InlineData("  spaces  .txt", "spaces .txt")]
    [InlineData("", "file")]
    [InlineData(null, "file")]
    [InlineData(".", "file")]
    [InlineData("..", "file")]
    [InlineData("/", "file")]
    [InlineData("\u200B\u202E", "file")]
    [InlineData(".png", "file.png")]
    public void Folders_control_characters_and_turned_text_are_gone(string? declared, string name) =>
        Assert.Equal(name, FileName.Clean(declared));

    [Fact]
    public void A_long_name_keeps_its_end_and_is_cut_between_characters()
    {
        Assert.Equal(new string('a', 116) + ".txt", FileName.Clean(new string('a', 300) + ".txt"));
        Assert.Equal(120, FileName.Clean(new string('b', 300)).Length);
        var families = FileName.Clean(string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 50)) + ".png");
        Assert.InRange(families.Length, 100, 120);
        Assert.EndsWith("👨‍👩‍👧‍👦.png", families, StringComparison.Ordinal);
        Assert.Equal("file." + new string('x', 115), FileName.Clean("file." + new string('x', 300)));
        Assert.Equal("ab.png", FileName.Clean("a" + "e" + new string('\u0301', 500) + "b.png"));
    }
}
