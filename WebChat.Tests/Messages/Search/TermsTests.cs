using WebChat.Messages.Search;
using WebChat.Rooms;

namespace WebChat.Tests.Messages.Search;

public sealed class TermsTests
{
    private static StoredMessage Said(string body) => new() { Room = 1, Seq = 1, Rev = 1, AuthorId = 1, Account = "ann", Nickname = "Ann", Kind = MessageKind.Text, Body = body, CreatedAt = 1 };

    public static TheoryData<string> Hostile() => ["\u0301\u0316", "a\u0301\u0316", "\u0316\u200D\u0301", "é", "a ", "天", "\uD800", "👍", "ﷺ", "\u0344", ".", "aＡ"];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void The_words_of_a_message_cost_no_more_than_its_length(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 8_000 / piece.Length));
        var (whole, quarter) = (Said(text), Said(text[..(text.Length / 4)]));

        Processor.AssertGrowsWith(() => Terms.Of(whole), () => Terms.Of(quarter));
    }

    [Fact]
    public void A_word_under_a_heap_of_marks_is_still_a_word_and_found_by_it()
    {
        var heap = new string('\u0316', 500);

        Assert.Equal(Terms.Clean($"tide{heap}"), Terms.Clean($"tide{heap}{heap}"));
        Assert.NotNull(new Sought("tide").In(Terms.Clean($"low tide{heap} at ten")));
        Assert.NotNull(new Sought("ten").In(Terms.Clean($"low tide{heap} at ten")));
    }
}
