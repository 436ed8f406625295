using WebChat.Shared;

namespace WebChat.Tests.Shared;

public sealed class WordListTests
{
    [Theory]
    [InlineData("darn", "Darn it")]
    [InlineData("DARN", "so darn.")]
    [InlineData("darn", "ｄａｒｎ")]
    [InlineData("darn", "d\u200Bar\u00ADn")]
    [InlineData("free  money", "FREE\nmoney!")]
    [InlineData("free money", "free\u3000money")]
    [InlineData("Straße", "STRAßE")]
    [InlineData("赌博", "网上赌博平台")]
    [InlineData("微信123", "加微信１２３吧")]
    [InlineData("c++", "I love C++!")]
    [InlineData("badné", "badne\u0301")]
    public void What_is_refused_is_found_however_it_is_written(string list, string text) => Assert.True(WordList.Of($"other\n{list}\n").IsIn(text));

    [Theory]
    [InlineData("ass", "a class of its own")]
    [InlineData("ass", "assess")]
    [InlineData("art", "darted")]
    [InlineData("darn", "dar n")]
    [InlineData("赌博", "赌 博")]
    [InlineData("", "anything")]
    [InlineData(" \n\u200B\n", "anything at all")]
    public void What_only_looks_like_it_is_not(string list, string text) => Assert.False(WordList.Of(list).IsIn(text));

    [Fact]
    public void A_part_of_a_word_does_not_hide_the_whole_word_behind_it() => Assert.True(WordList.Of("ass").IsIn("class ass"));

    [Fact]
    public void What_is_typed_stands_once_each_without_gaps() => Assert.Equal("darn\nfree money", WordList.Tidy(" darn \r\n\r\nDARN\r\nfree   money\n"));

    [Fact]
    public void Half_a_character_and_a_pile_of_marks_are_looked_through()
    {
        var list = WordList.Of("darn");
        Assert.False(list.IsIn("\uD800 é\uDC00"));
        Assert.True(list.IsIn("\uD800 darn"));
        Assert.False(list.IsIn("a" + new string('\u0301', 10_000)));
    }

    [Fact]
    public void A_list_is_as_long_as_it_may_be_and_no_longer()
    {
        Assert.True(WordList.IsGood(string.Join('\n', Enumerable.Range(0, WordList.MostLines))));
        Assert.False(WordList.IsGood(string.Join('\n', Enumerable.Range(0, WordList.MostLines + 1))));
        Assert.False(WordList.IsGood(new string('x', WordList.LongestLine + 1)));
    }
}
