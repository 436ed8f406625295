using WebChat.Messages.Bots;
using WebChat.Tests.Accounts;

namespace WebChat.Tests.Messages.Bots;

public sealed class RestsTests
{
    private readonly TestClock clock = new();
    private readonly Rests rests;

    public RestsTests() => rests = new Rests(clock);

    [Fact]
    public void The_more_calls_fail_the_longer_it_rests_up_to_a_minute_and_no_other_does()
    {
        var pauses = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            rests.Note(Bot(1), isFailed: true);
            pauses.Add(rests.Left(1)!.Value.TotalSeconds);
            clock.Pass(rests.Left(1)!.Value);
            Assert.Null(rests.Left(1)); // it has rested
            Assert.True(rests.IsFailing(1)); // and is failing still
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], pauses.Take(8));
        Assert.Equal(60, pauses[^1]);
        Assert.Null(rests.Left(2));
        Assert.False(rests.IsFailing(2));
    }

    [Fact]
    public void What_goes_well_is_forgiven_and_not_to_one_that_fails_every_other_time()
    {
        rests.Note(Bot(1), isFailed: false);
        Assert.False(rests.IsFailing(1));
        rests.Note(Bot(1), isFailed: true);
        rests.Note(Bot(1), isFailed: false);
        Assert.Null(rests.Left(1));
        Assert.True(rests.IsFailing(1));
        rests.Note(Bot(1), isFailed: false);
        Assert.False(rests.IsFailing(1));

        for (var i = 0; i < 20; i++)
        {
            rests.Note(Bot(2), isFailed: true);
            rests.Note(Bot(2), isFailed: false);
            Assert.True(rests.IsFailing(2));
        }
        rests.Note(Bot(2), isFailed: true);
        Assert.Equal(Rests.Longest, rests.Left(2));
    }

    [Fact]
    public void Another_address_is_called_at_once_and_its_failures_are_the_same_bots()
    {
        rests.Note(Bot(1), isFailed: true);
        rests.Move(1, Bot(1).Webhook);
        Assert.NotNull(rests.Left(1));
        rests.Move(1, "https://b.example/");
        Assert.Null(rests.Left(1));
        Assert.True(rests.IsFailing(1));
        rests.Note(Bot(1) with { Webhook = "https://b.example/" }, isFailed: true);
        Assert.Equal(2, rests.Left(1)!.Value.TotalSeconds);
        rests.Move(1, null); // it is called nowhere
        Assert.Null(rests.Left(1));
    }

    private static CalledBot Bot(long id) => new(id, "Echo", "https://a.example/", "secret");
}
