using WebChat.Admin;

namespace WebChat.Tests.Admin;

public sealed class CsvTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+49 30", "'+49 30")]
    [InlineData("-1", "'-1")]
    [InlineData("@ann", "'@ann")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("x;=1+1;", "\"x;=1+1;\"")]
    [InlineData("x\t=1", "\"x\t=1\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("a=b", "a=b")]
    [InlineData("周雨桐", "周雨桐")]
    [InlineData("", "")]
    public void No_cell_is_a_formula_or_more_than_one_cell(string text, string cell) => Assert.Equal($"{cell},x\r\n", Csv.Line([text, "x"]));
}
