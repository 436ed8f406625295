using WebChat.Messages.Formatting;

namespace WebChat.Tests.Messages.Formatting;

public sealed class MentionsTests
{
    [Theory]
    [InlineData("@ann", "ann")]
    [InlineData("hello @Ann and @BEN_2", "ann ben_2")]
    [InlineData("@ann @ann @ANN", "ann")]
    [InlineData("(@ann), \"@ben\": @joe-ann!", "ann ben joe-ann")]
    [InlineData("line\n@ann\n> @ben\n- @joe", "ann ben joe")]
    [InlineData("**@ann** _@ben_", "ann ben_ ben")]
    [InlineData("你好@ann，@ben你好", "ann ben")]
    [InlineData("🎉@ann", "ann")]
    [InlineData("no names", "")]
    [InlineData("mail@ann.example first.last@ann.example a_@ann.example a+b@ann.example", "")]
    [InlineData("@ann@elsewhere.example", "")]
    [InlineData("`@ann` ```@ben```", "")]
    [InlineData("```\n@ann\n```", "")]
    [InlineData("https://a.example/@ann www.a.example/@ben", "")]
    [InlineData("[@ann](https://a.example)", "")]
    [InlineData("@ab @2ann @_ann @ann-with-a-name-too-long-to-be", "")]
    [InlineData("@@ann @ @", "")]
    public void The_names_in_a_text_are_those_that_could_be_accounts(string text, string accounts) =>
        Assert.Equal(accounts, string.Join(' ', Mentions.Find(text).Accounts));

    [Fact]
    public void All_is_told_apart()
    {
        Assert.Equal((true, 1), (Mentions.Find("@All and @ann").IsAll, Mentions.Find("@All and @ann").Accounts.Count));
        Assert.False(Mentions.Find("all of you, @alll, `@all`").IsAll);
    }

    [Fact]
    public void One_message_names_fifty_at_most() =>
        Assert.Equal(50, Mentions.Find(string.Concat(Enumerable.Range(100, 200).Select(i => $"@ann{i} "))).Accounts.Count);

    [Fact]
    public void The_account_that_is_there_wins_over_the_mark_that_may_be_meant()
    {
        Assert.True(Mentioned.Nobody.IsNobody);
        Assert.Equal(["ben_", "ben"], Mentions.Find("@ben_").Accounts);
    }
}
