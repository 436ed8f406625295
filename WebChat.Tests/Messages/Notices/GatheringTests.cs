using WebChat.Messages.Kinds;
using WebChat.Messages.Notices;
using WebChat.Rooms;

namespace WebChat.Tests.Messages.Notices;

/// <summary>What is kept of a busy moment, for those whom it calls.</summary>
public sealed class GatheringTests : IDisposable
{
    private const long Ann = 1, Ben = 2, Chatty = 3;
    private readonly Gathering gathering = new();
    private long seq;

    [Fact]
    public void The_newest_of_each_author_stays_however_much_one_of_them_says()
    {
        var said = Say(Ann, "dinner is ready");
        for (var i = 0; i < 100; i++)
            Say(Chatty, $"and another thing {i}");

        Assert.Equal([said, seq], Taken());
    }

    [Fact]
    public void Who_names_people_all_the_time_takes_the_place_of_none_that_others_named()
    {
        var named = Say(Ann, "@ben dinner", "ben");
        var more = Say(Ben, "@ann coming", "ann");
        for (var i = 0; i < 100; i++)
            Say(Chatty, "@ben @ann listen", "ben", "ann");
        var plain = Say(Ann, "good");

        var taken = Taken();

        Assert.Contains(named, taken);
        Assert.Contains(more, taken);
        Assert.Contains(plain, taken);
        Assert.InRange(taken.Count, 4, 8);
    }

    [Fact]
    public void Whoever_many_speak_it_is_bounded_and_the_newest_are_there()
    {
        for (var author = 1; author <= 1000; author++)
        {
            Say(author, "hello");
            Say(author, "@ben hello", "ben");
        }

        var taken = Taken();

        Assert.InRange(taken.Count, 10, 50);
        Assert.Contains(seq, taken);
        Assert.Contains(seq - 1, taken);
    }

    [Fact]
    public void What_is_taken_back_is_gone_and_nothing_else()
    {
        var (one, other) = (Say(Ann, "one"), Say(Ben, "@ann two", "ann"));

        Assert.True(gathering.Remove(Message(Ann, one, "one")));
        Assert.False(gathering.Remove(Message(Ann, one, "one")));

        Assert.Equal([other], Taken());
    }

    private long Say(long author, string body, params string[] names)
    {
        gathering.Add(Message(author, ++seq, body, names));
        return seq;
    }

    private static StoredMessage Message(long author, long seq, string body, params string[] names)
    {
        var message = new StoredMessage { Room = 1, Seq = seq, Rev = seq, AuthorId = author, Account = $"a{author}", Nickname = $"A{author}", Kind = MessageKind.Text, Body = body, CreatedAt = seq };
        return message with { Content = Kind.Of(message).Naming(null, new(names, false)) };
    }

    public void Dispose() => gathering.Dispose();

    private List<long> Taken() => [.. gathering.Take().SelectMany(g => g.Messages).Select(m => m.Seq).Order()];
}
