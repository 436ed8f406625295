using WebChat.Shared.Marks;

namespace WebChat.Tests.Shared.Marks;

public sealed class UnmarkedTests
{
    [Theory]
    [InlineData("**hi** `x`", "hi x")]
    [InlineData("*a* _b_ __c__ ~~d~~ ***e***", "a b c d e")]
    [InlineData("**a *b* c**", "a b c")]
    [InlineData("> said\nanswered", "said\nanswered")]
    [InlineData("- milk\n- eggs", "• milk\n• eggs")]
    [InlineData("1. one\n2. two", "1. one\n2. two")]
    [InlineData("[words](https://a.example) and [**bold**](http://b.example)", "words and bold")]
    [InlineData("```cs\nvar x = **y**;\n```\nso", "var x = **y**;\nso")]
    [InlineData("```hello there\nx\n```", "hello there\nx")]
    [InlineData("`**code**`", "**code**")]
    [InlineData("**你好。**谢谢", "你好。谢谢")]
    public void Marks_are_taken_out(string typed, string plain) => Assert.Equal(plain, Unmarked.Of(typed));

    [Theory]
    [InlineData("hello, see you at 9:30")]
    [InlineData("2*3*4 and snake_case")]
    [InlineData("¯\\_(ツ)_/¯")]
    [InlineData("**open and `open")]
    [InlineData("[a](javascript:alert(1)) ![b](http://a.example)")]
    [InlineData("[bank.example](https://evil.example)")]
    [InlineData("https://a.example/_b_/*c*")]
    [InlineData(">_<")]
    [InlineData("好的~~拜拜~~")]
    [InlineData("# heading\n---")]
    [InlineData("``` is it")]
    [InlineData("")]
    public void What_is_no_mark_stays(string typed) => Assert.Equal(typed, Unmarked.Of(typed));

    [Fact]
    public void A_text_without_marks_is_not_copied()
    {
        var typed = string.Concat("hello ", "there");
        Assert.Same(typed, Unmarked.Of(typed));
    }
}
