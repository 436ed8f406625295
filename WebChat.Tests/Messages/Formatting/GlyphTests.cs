using WebChat.Messages.Formatting;

namespace WebChat.Tests.Messages.Formatting;

public sealed class GlyphTests
{
    [Theory]
    [InlineData("😀")]
    [InlineData("😀😀😀")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("👩🏽‍💻🏳️‍🌈🏴‍☠️")]
    [InlineData("👍🏿")]
    [InlineData("🇫🇷")]
    [InlineData("🇫🇷🇩🇪🇨🇳")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F")]
    [InlineData("1\uFE0F\u20E3")]
    [InlineData("❤\uFE0F")]
    [InlineData("❤")]
    [InlineData("☀⭐⏰")]
    [InlineData("©\uFE0F")]
    [InlineData("🫠")]
    public void One_to_three_emoji_are_large(string text) => Assert.True(MessageText.IsGlyph(text));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("123")]
    [InlineData("#*")]
    [InlineData("a")]
    [InlineData("😀a")]
    [InlineData("😀 😀")]
    [InlineData("😀\n😀")]
    [InlineData("😀😀😀😀")]
    [InlineData("©")]
    [InlineData("™")]
    [InlineData("→")]
    [InlineData("★")]
    [InlineData("中")]
    [InlineData("🇫")]
    [InlineData("\u200D")]
    [InlineData("😀\u0301")]
    [InlineData("😀\u200D")]
    [InlineData("\uFE0F")]
    public void Anything_else_is_not(string text) => Assert.False(MessageText.IsGlyph(text));

    [Fact]
    public void A_heap_of_joined_people_is_one_text_and_no_glyph() =>
        Assert.False(MessageText.IsGlyph(string.Join('\u200D', Enumerable.Repeat("👩", 500))));
}
