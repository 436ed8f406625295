using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using WebChat.Storage;

namespace WebChat.Tests.Storage;

/// <summary>What writers are told when the database fails in the middle: never that nothing was stored where something may be.</summary>
public sealed class WriteLaneTests
{
    private readonly List<string> said = [];
    private readonly List<Func<string, Exception?>> faults = [];
    private int connects;

    [Theory]
    [InlineData(null)] // the line broke
    [InlineData("57P01")] // the server goes down: it may say so after it has committed
    public async Task A_change_whose_commit_was_not_answered_well_is_uncertain(string? state)
    {
        await using var lane = Lane();
        FailOnce("COMMIT", new ScriptedException(state));

        await Assert.ThrowsAsync<StorageUncertainException>(() => Single(lane));

        Assert.Equal(2, await Single(lane, 2));
    }

    [Theory]
    [InlineData("23505")]
    [InlineData("40001")]
    public async Task A_change_whose_commit_was_refused_is_not_stored(string state)
    {
        await using var lane = Lane();
        FailOnce("COMMIT", new ScriptedException(state));

        await Assert.ThrowsAsync<StorageUnavailableException>(() => Single(lane));
    }

    [Fact]
    public async Task What_was_uncertain_once_stays_so_until_it_succeeds()
    {
        await using var lane = Lane(repeatFor: TimeSpan.FromMilliseconds(300));
        var isAway = false;
        faults.Add(statement =>
        {
            if (statement == "COMMIT")
                isAway = true;
            return isAway ? new ScriptedException(null) : null;
        });

        await Assert.ThrowsAsync<StorageUncertainException>(() => Group(lane).WriteAsync("a"));

        Assert.True(said.Count(s => s == "BEGIN") > 1, "it was not tried again");
        // Who comes while it is away, and was in no commit, knows that nothing is stored.
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Group(lane).WriteAsync("b"));
    }

    [Fact]
    public async Task What_may_be_repeated_is_until_the_commit_is_answered()
    {
        await using var lane = Lane();
        FailOnce("COMMIT", new ScriptedException(null));

        Assert.Equal("a!", await Group(lane).WriteAsync("a"));
        Assert.Equal(2, connects);
    }

    [Fact]
    public async Task A_change_that_finds_a_dead_connection_is_run_on_the_next_one()
    {
        await using var lane = Lane();
        Assert.Equal(1, await Single(lane));
        FailOnce("BEGIN", new ScriptedException(null)); // the server was away while nobody wrote, and is long back

        Assert.Equal(2, await Single(lane, 2));
        Assert.Equal(2, connects);
    }

    [Fact]
    public async Task A_change_that_was_run_is_not_run_again()
    {
        await using var lane = Lane();
        var runs = 0;

        await Assert.ThrowsAsync<StorageUnavailableException>(() => AddSingle<int>(lane, _ => throw new ScriptedException(++runs == 1 ? null : "23505")));

        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_connection_that_cannot_even_be_let_go_of_ends_nothing()
    {
        await using var lane = Lane(breaksWhenDropped: true);
        FailOnce("COMMIT", new ScriptedException(null));

        Assert.Equal("a!", await Group(lane).WriteAsync("a"));
        Assert.Equal(2, await Single(lane, 2));
    }

    [Fact]
    public async Task One_bad_write_among_many_is_refused_alone()
    {
        await using var lane = Lane();
        var posts = Group(lane);
        var hold = await HoldAsync(lane); // so that all the others wait together
        var good = Enumerable.Range(0, 20).Select(i => posts.WriteAsync($"{i}")).ToList();
        var bad = posts.WriteAsync("bad");
        var late = posts.WriteAsync("late");
        hold.SetResult();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}!"), await Task.WhenAll(good));
        Assert.Equal("late!", await late);
        Assert.Equal("23505", (await Assert.ThrowsAsync<ScriptedException>(() => bad)).SqlState);
    }

    [Fact]
    public async Task A_write_that_failed_over_what_another_node_wrote_looks_once_more()
    {
        await using var lane = Lane();
        var looks = 0;
        var posts = new GroupWrite<string, string>(lane, (_, items) => ++looks == 1 ? throw new ScriptedException("23505") : Task.FromResult<IReadOnlyList<string>>(["it is there already"]), null);

        Assert.Equal("it is there already", await posts.WriteAsync("a"));
    }

    [Fact]
    public async Task While_the_server_is_away_the_waiting_is_not_added_up()
    {
        await using var lane = Lane(repeatFor: TimeSpan.FromMilliseconds(500));
        faults.Add(static _ => new ScriptedException(null));
        var posts = Group(lane);
        var since = System.Diagnostics.Stopwatch.StartNew();

        var all = Enumerable.Range(0, 10 * WriteLane.GroupSize).Select(i => posts.WriteAsync($"{i}")).ToList();

        foreach (var one in all)
            await Assert.ThrowsAsync<StorageUnavailableException>(() => one);
        Assert.InRange(since.Elapsed, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Who_waited_too_long_is_refused_without_a_try()
    {
        await using var lane = Lane(waitFor: TimeSpan.FromMilliseconds(100));
        var hold = await HoldAsync(lane);
        var ran = false;
        var late = AddSingle(lane, _ => Task.FromResult(ran = true));
        await Task.Delay(300); // the server that hangs, not a wait for something
        hold.SetResult();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => late);
        Assert.False(ran);
    }

    [Fact]
    public async Task A_lane_that_ends_while_the_server_is_away_keeps_nobody_waiting()
    {
        var lane = Lane(repeatFor: TimeSpan.FromMinutes(10));
        faults.Add(static _ => new ScriptedException(null));
        var all = Enumerable.Range(0, 1000).Select(i => Group(lane).WriteAsync($"{i}")).ToList();

        await lane.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

        foreach (var one in all)
            await Assert.ThrowsAsync<StorageUnavailableException>(() => one);
    }

    [Fact]
    public async Task A_lane_that_ends_while_the_server_hangs_does_not_wait_for_it()
    {
        var lane = Lane();
        var hold = await HoldAsync(lane);

        await lane.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        hold.SetResult();
    }

    [Fact]
    public async Task A_lane_is_quiet_when_nothing_waits_and_nothing_is_being_written()
    {
        await using var lane = Lane();
        Assert.True(lane.QuietAsync().IsCompleted);
        var hold = await HoldAsync(lane);
        var next = Single(lane);

        var (quiet, alsoQuiet) = (lane.QuietAsync(), lane.QuietAsync());
        Assert.False(quiet.IsCompleted);
        hold.SetResult();

        await next;
        await Task.WhenAll(quiet, alsoQuiet).WaitAsync(TimeSpan.FromSeconds(10));
        FailOnce("COMMIT", new ScriptedException("40001"));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Single(lane));
        await lane.QuietAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    private WriteLane Lane(TimeSpan? repeatFor = null, TimeSpan? waitFor = null, bool breaksWhenDropped = false)
    {
        var lane = new WriteLane(new WriteLaneOptions
        {
            ConnectAsync = () =>
            {
                connects++;
                return Task.FromResult<DbConnection>(new ScriptedConnection(Say) { BreaksWhenDropped = breaksWhenDropped });
            },
            Begin = "BEGIN",
            IsPassing = static error => error is ScriptedException { SqlState: null or "57P01" or "40001" },
            IsRemote = true,
            RepeatFor = repeatFor ?? TimeSpan.FromSeconds(5),
            WaitFor = waitFor ?? TimeSpan.FromSeconds(10),
            EndWithin = TimeSpan.FromSeconds(1),
        }, NullLogger.Instance);
        lane.Start();
        return lane;
    }

    /// <summary>Keeps the lane busy until the result is set.</summary>
    private static async Task<TaskCompletionSource> HoldAsync(WriteLane lane)
    {
        var (begun, hold) = (new TaskCompletionSource(), new TaskCompletionSource());
        _ = AddSingle(lane, async _ =>
        {
            begun.SetResult();
            await hold.Task;
            return 0;
        });
        await begun.Task;
        return hold;
    }

    private void Say(string statement)
    {
        said.Add(statement);
        foreach (var fault in faults.ToList())
        {
            if (fault(statement) is { } error)
                throw error;
        }
    }

    private void FailOnce(string at, Exception error)
    {
        var isDone = false;
        faults.Add(statement =>
        {
            if (isDone || statement != at)
                return null;
            isDone = true;
            return error;
        });
    }

    private static Task<int> Single(WriteLane lane, int result = 1) => AddSingle(lane, _ => Task.FromResult(result));

    private static Task<T> AddSingle<T>(WriteLane lane, Func<DbConnection, Task<T>> change)
    {
        var write = new SingleWrite<T>(change, null);
        lane.Add(write);
        return write.Done;
    }

    private static GroupWrite<string, string> Group(WriteLane lane) =>
        new(lane, async (connection, items) =>
        {
            await connection.ExecuteAsync($"INSERT {items.Count}");
            return items.Contains("bad") ? throw new ScriptedException("23505") : [.. items.Select(i => i + "!")];
        }, null);
}
