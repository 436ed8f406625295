using WebChat.Admin.Figures;

namespace WebChat.Tests.Admin.Figures;

/// <summary>How samples of nodes become figures.</summary>
public sealed class FiguresTests
{
    private const long Now = 1_800_000_000_000;

    [Fact]
    public void All_together_is_the_sum_of_what_can_be_summed_and_nobody_twice()
    {
        var house = House.Of([Node("a", Sample(1_000, here: 2, everywhere: 3, connections: 4, posts: 5, memory: 10)), Node("b", Sample(2_000, here: 2, everywhere: 3, connections: 1, posts: 6, memory: 20))], Now);

        Assert.Equal((3d, 5d, 11d, 30d), (house.People.Now, house.Connections.Now, house.Messages.Now, house.Memory.Now));
        Assert.Equal(2d, House.Of([Node("a", Sample(1_000, here: 2, everywhere: 3))], Now).People.Now);
    }

    [Fact]
    public void A_minute_is_counted_back_from_now_and_an_hour_is_all_there_is()
    {
        var house = House.Of([Node("a", Sample(3_600_000, posts: 900), Sample(3_599_000, posts: 7), Sample(61_000, posts: 2, connections: 9), Sample(59_000, posts: 3, connections: 5), Sample(0, posts: 4, connections: 6))], Now);

        Assert.Equal((Series.Minutes, 7d, 2d, 7d), (house.Messages.Points.Count, house.Messages.Points[0], house.Messages.Points[^2], house.Messages.Points[^1]));
        Assert.Equal((6d, 0d, 9d), (house.Connections.Now, house.Connections.Lowest, house.Connections.Highest));
        Assert.Null(house.Messages.Points[30]);
    }

    [Fact]
    public void Half_and_nearly_all_are_of_the_same_minute()
    {
        var before = new int[Waits.Classes];
        before[Waits.ClassOf(64)] = 1_000;
        var now = new int[Waits.Classes];
        now[Waits.ClassOf(8)] = 10;

        var house = House.Of([Node("a", Sample(121_000) with { Waits = before }, Sample(61_000) with { Waits = now }, Sample(1_000))], Now);

        Assert.Equal((8d, 8d, 64d), (house.Delivery.Now, house.Half, house.Delivery.Highest));
    }

    [Fact]
    public void The_slowest_of_a_hundred_is_told_over_all_nodes_and_not_their_average()
    {
        var quick = new int[Waits.Classes];
        quick[Waits.ClassOf(4)] = 985;
        var slow = new int[Waits.Classes];
        slow[Waits.ClassOf(512)] = 15;
        var house = House.Of([Node("a", Sample(1_000) with { Waits = Waits.Trim(quick) }), Node("b", Sample(1_000) with { Waits = Waits.Trim(slow) })], Now);

        Assert.Equal((512d, 4d), (house.Delivery.Now, house.Half));
        Assert.Null(House.Of([Node("a", Sample(1_000))], Now).Delivery.Now);
        Assert.Equal(Waits.Classes - 1, Waits.ClassOf(1e12));
        Assert.Equal(0, Waits.ClassOf(-5));
        Assert.All(Enumerable.Range(1, 10_000), ms => Assert.InRange(Math.Pow(2, Waits.ClassOf(ms) / 4d) / ms, .999999, 1.19));
    }

    [Fact]
    public void All_nodes_have_one_storage_and_a_sample_that_does_not_know_it_hides_nothing()
    {
        var house = House.Of([Node("a", Sample(61_000), Sample(1_000) with { Storage = 70 }, Sample(0)), Node("b", Sample(2_000) with { Storage = 60 })], Now);

        Assert.Equal((null, 70d), (house.Storage.Points[^2], house.Storage.Now));
    }

    [Fact]
    public void A_line_begins_anew_where_nobody_measured_and_stays_in_its_box()
    {
        var series = new Series([null, 0, 10, null, 5]);

        var (line, area) = series.Paths(200, 40, series.Highest ?? 0);

        Assert.Equal(("M50 38L100 2M200 20", "M50 40L50 38L100 2L100 40ZM200 40L200 20L200 40Z"), (line, area));
        Assert.Equal(("", ""), new Series([null, null]).Paths(200, 40, 0));
        Assert.Equal([2d, 2, 20, 100, 400, 5000], new double[] { 0, 1, 11, 99, 311, 4001 }.Select(n => new Series([n]).RoundTop()));
        Assert.All(Enumerable.Range(0, 2_000), n => Assert.True(new Series([n]).RoundTop() is var top && top >= n && top % 2 == 0));
    }

    private static NodeHour Node(string id, params Sample[] samples) => new() { Id = id, Name = id, StartedAt = 1, Samples = samples };

    private static Sample Sample(long ago, int here = 0, int everywhere = 0, int connections = 0, long posts = 0, long memory = 0) =>
        new() { At = Now - ago, Here = here, Everywhere = everywhere, Connections = connections, Posts = posts, Memory = memory };
}
