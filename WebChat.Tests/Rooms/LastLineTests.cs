using System.Text;
using WebChat.Rooms;

namespace WebChat.Tests.Rooms;

public sealed class LastLineTests
{
    private const string Family = "👨‍👩‍👧‍👦";

    [Theory]
    [InlineData(60, false)]
    [InlineData(80, false)]
    [InlineData(81, true)]
    [InlineData(300, true)]
    public void A_family_counts_as_one_and_is_never_split(int families, bool isCut)
    {
        var line = LastLine.OneLine(string.Concat(Enumerable.Repeat(Family, families)));
        Assert.Equal(string.Concat(Enumerable.Repeat(Family, Math.Min(families, 80))) + (isCut ? "…" : ""), line);
    }

    [Fact]
    public void Whatever_is_cut_is_whole_characters_on_one_line_and_not_long()
    {
        foreach (var body in new[] { "a" + new string('\u0301', 5000), "one\ntwo\n" + new string('x', 200), string.Concat(Enumerable.Repeat("🇫🇷", 100)) })
        {
            var line = LastLine.OneLine(body);
            Assert.EndsWith("…", line, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', line);
            Assert.InRange(line.Length, 1, 1000);
            Assert.Equal(line, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(line))); // no half of a pair
        }
    }
}
