using WebChat.Shared;

namespace WebChat.Tests.Shared;

public sealed class UserTextTests
{
    [Theory]
    [InlineData("  Ann   Lee\t", "Ann Lee")]
    [InlineData("Ann\u202Eeel", "Anneel")]
    [InlineData("A\u200Bnn\uFEFF", "Ann")]
    [InlineData("two\nlines", "two lines")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u0007\u2066\u2069", "")]
    [InlineData("👨‍👩‍👧", "👨‍👩‍👧")]
    [InlineData("林 美", "林 美")]
    [InlineData(null, "")]
    public void A_line_is_what_one_sees_of_it(string? typed, string line) => Assert.Equal(line, UserText.Line(typed));

    [Theory]
    [InlineData("\u200D")]
    [InlineData(" \u200D\u200D ")]
    [InlineData("\u3164")]
    [InlineData("\uFFA0")]
    [InlineData("\u2800\u2800")]
    [InlineData("\u115F\u1160")]
    [InlineData("\uFE0F")]
    [InlineData("\u0301\u0301")]
    [InlineData("\u034F")]
    [InlineData("\U000E0041")]
    [InlineData("\U000E0100")]
    public void A_line_of_which_nothing_is_seen_is_empty(string typed) => Assert.Equal("", UserText.Line(typed));

    [Theory]
    [InlineData("Ann\u3164", "Ann")]
    [InlineData("Ann\u2800\u2800Lee", "Ann Lee")]
    [InlineData("❤\uFE0F", "❤\uFE0F")]
    [InlineData("क्ष", "क्ष")]
    [InlineData("?", "?")]
    public void Blanks_are_white_space_and_one_seen_character_is_enough(string typed, string line) => Assert.Equal(line, UserText.Line(typed));

    [Theory]
    [InlineData("\uFFFC")]
    [InlineData("\uD7B0")]
    [InlineData("\u200B")]
    [InlineData("\u1160\u200D\u3164")]
    public void Nor_is_there_anything_to_see_in_a_text_of_these(string typed)
    {
        Assert.False(UserText.IsSeen(typed));
        Assert.Equal("", UserText.Line(typed));
    }

    [Theory]
    [InlineData("admin\u200D")]
    [InlineData("ad\u200Dmin")]
    [InlineData("admin\uFE0F")]
    [InlineData("admin\u034F")]
    [InlineData("admin\U000E0041\U000E007F")]
    [InlineData("admin\uFFFC")]
    public void Nobody_can_look_like_another_by_what_is_not_seen(string typed) => Assert.Equal("admin", UserText.Line(typed));

    [Theory]
    [InlineData("👩🏽‍💻")]
    [InlineData("🏳️‍🌈")]
    [InlineData("🏴‍☠️")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F")]
    [InlineData("1\uFE0F\u20E3")]
    [InlineData("क्\u200Dष")]
    public void Emoji_and_syllables_stay_whole(string typed) => Assert.Equal(typed, UserText.Line(typed));

    [Theory]
    [InlineData("Z\u0301", 300)]
    [InlineData("S\u0489", 100)]
    [InlineData("Z\u0301\u034F", 20)]
    [InlineData("Z\u0301\u200D", 20)]
    public void Marks_do_not_pile_up(string start, int times) => Assert.False(UserText.Fits(start[0] + string.Concat(Enumerable.Repeat(start[1..], times)), 400));

    [Fact]
    public void Of_marks_that_pile_up_those_above_the_eighth_are_left_out()
    {
        var eight = new string('\u0301', 8);

        Assert.Equal($"a{eight}b", UserText.Unpiled($"a{eight}\u0316\u0489b"));
        Assert.Equal($"a{eight[..4]}\u200D{eight[4..]}", UserText.Unpiled($"a{eight[..4]}\u200D{eight}"));
        foreach (var usual in new[] { "", "plain", "ệ שָׁ֑ลู้ क्षि 👨‍👩‍👧", $"a{eight}b{eight}" })
            Assert.Same(usual, UserText.Unpiled(usual));
    }

    [Fact]
    public void A_line_of_marks_costs_no_more_than_its_length()
    {
        var marks = "a" + string.Concat(Enumerable.Repeat("\u0301\u0316", 15_000));

        Processor.AssertGrowsWith(() => UserText.Line(marks), () => UserText.Line(marks[..(marks.Length / 4)]));
    }

    [Fact]
    public void Marks_that_languages_need_fit() => Assert.True(UserText.Fits("ệ שָׁ֑ลู้ क्षि", 20));

    [Theory]
    [InlineData("ab", 2, "ab")]
    [InlineData("abc", 2, "ab")]
    [InlineData("a😀", 3, "a😀")]
    [InlineData("a😀b", 3, "a😀")]
    [InlineData("a😀b", 2, "a")]
    public void A_beginning_does_not_end_within_a_character(string text, int most, string beginning) => Assert.Equal(beginning, UserText.Beginning(text, most));

    [Fact]
    public void A_lone_surrogate_is_dropped() => Assert.Equal("ab", UserText.Line("a\uD800b"));

    [Fact]
    public void A_family_counts_as_one_and_a_heap_of_marks_does_not_fit()
    {
        Assert.True(UserText.Fits("👨‍👩‍👧", 1));
        Assert.False(UserText.Fits("ab", 1));
        Assert.False(UserText.Fits("a" + new string('\u0301', 500), 40));
    }
}
