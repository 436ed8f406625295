using WebChat.Messages.Lucky;

namespace WebChat.Tests.Messages.Lucky;

public sealed class LuckySharesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(100, 100)]
    [InlineData(101, 100)]
    [InlineData(7, 3)]
    [InlineData(int.MaxValue, 100)]
    public void Random_shares_are_at_least_one_point_each_and_all_of_it(int total, int shares)
    {
        for (var again = 0; again < 200; again++)
        {
            var left = total;
            for (var open = shares; open > 0; open--)
            {
                var share = LuckyShares.Random(left, open);
                Assert.InRange(share, 1, left - (open - 1));
                left -= share;
            }
            Assert.Equal(0, left);
        }
    }

    [Fact]
    public void Coming_first_or_last_is_the_same_on_average_and_shares_differ()
    {
        const int rounds = 20_000;
        var sums = new long[4];
        var seen = new HashSet<int>();
        for (var round = 0; round < rounds; round++)
        {
            var left = 400;
            for (var open = 4; open > 0; open--)
            {
                var share = LuckyShares.Random(left, open);
                seen.Add(share);
                sums[4 - open] += share;
                left -= share;
            }
        }

        Assert.All(sums, sum => Assert.InRange((double)sum / rounds, 97, 103));
        Assert.True(seen.Count > 150);
    }
}
