using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;
using WebChat.Tests.Servers;
using Xunit.Abstractions;

namespace WebChat.Tests.Faults;

/// <summary>
/// Bad days, on real processes. Whatever happens: nothing that was acknowledged is lost, nothing is there twice, nothing that was
/// refused is seen, and every reader ends with what is stored, in order and without a gap. <c>./test faults</c> runs the long form.
/// </summary>
[Collection(FaultRuns.Name)]
public sealed class FaultTests(ITestOutputHelper output, Installations installations)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("WEBCHAT_FAULTS") is "long";

    private static readonly Verdict AllIsWell = new();

    static FaultTests() => SQLitePCL.Batteries_V2.Init();

    private static int Of(int brief, int many) => IsLong ? many : brief;

    [Fact]
    public async Task One_node_is_killed_under_its_writers_again_and_again()
    {
        await using var fleet = await Fleet.OneAsync(installations, people: Of(8, 25), rooms: Of(3, 10));
        fleet.Read(Of(6, 20));
        fleet.Write(Of(16, 50), "kill");
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < Of(4, 20); i++)
        {
            await fleet.GoOnAsync(200);
            await fleet.Nodes[0].KillAsync();
            var since = Stopwatch.StartNew();
            await fleet.StartAgainAsync(fleet.Nodes[0]);
            slowest = since.Elapsed > slowest ? since.Elapsed : slowest;
        }
        await fleet.GoOnAsync(100);

        await ProveAsync(fleet, $"killed {Of(4, 20)} times, back in at most {slowest.TotalSeconds:0.0} s");
        Within(slowest, seconds: 5);
        Assert.Equal("ok", await CheckSqliteAsync(fleet.Nodes[0].Folder));
    }

    [Fact]
    public async Task Three_answers_of_ten_are_lost_on_the_way()
    {
        await using var fleet = await Fleet.OneAsync(installations, people: 6, rooms: 2);
        fleet.Read(4);
        fleet.Write(Of(6, 20), "fog", _ =>
        {
            if (Random.Shared.Next(10) < 3)
                throw new IOException("lost on the way");
        });
        await fleet.GoOnAsync(Of(400, 5_000));

        await ProveAsync(fleet, $"{fleet.Senders.Sum(s => s.Retries)} answers lost");
    }

    [Fact]
    public async Task One_of_three_nodes_is_killed_and_its_readers_move_over()
    {
        await using var fleet = await Fleet.ThreeAsync(installations, people: 6, rooms: 3);
        fleet.Read(Of(6, 20));
        fleet.Write(Of(9, 30), "move");
        for (var i = 0; i < Of(3, 10); i++)
        {
            var node = fleet.Nodes[i % 3];
            await fleet.GoOnAsync(150);
            await node.KillAsync();
            await fleet.GoOnAsync(150);
            await fleet.StartAgainAsync(node);
        }
        await fleet.GoOnAsync(50);

        await ProveAsync(fleet, $"{Of(3, 10)} nodes killed");
    }

    [Fact]
    public async Task Redis_goes_and_comes_back_empty()
    {
        await using var fleet = await Fleet.ThreeAsync(installations, people: 4, rooms: 2);
        fleet.Read(6);
        fleet.Write(4, "deaf", pause: TimeSpan.FromMilliseconds(50));
        await fleet.GoOnAsync(50);
        await fleet.Redis!.StopAsync();
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < Of(3, 15); i++)
        {
            await fleet.GoOnAsync(20);
            var last = fleet.Ledger.LastIn(fleet.Rooms[0]);
            var since = Stopwatch.StartNew();
            while (fleet.Tabs.Where(t => t.Room == fleet.Rooms[0]).Any(t => t.Last < last) && since.Elapsed < TimeSpan.FromSeconds(20))
                await Task.Delay(10);
            slowest = since.Elapsed > slowest ? since.Elapsed : slowest;
        }
        using var late = new Person(fleet.Nodes[2].Address, "person-1");
        Assert.Equal(HttpStatusCode.Redirect, (await late.SignInAsync()).StatusCode);
        await fleet.Redis.StartAsync();
        await fleet.GoOnAsync(50);
        await fleet.Redis.FlushAsync();
        foreach (var person in fleet.People)
            Assert.Equal(HttpStatusCode.OK, (await person.Http.GetAsync("/me")).StatusCode);
        await fleet.GoOnAsync(50);

        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        await ProveAsync(fleet, $"without Redis the slowest delivery between nodes took {slowest.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Redis_hangs_and_nobody_waits_for_it()
    {
        await using var fleet = await Fleet.ThreeAsync(installations, people: 4, rooms: 2); // where every act is counted
        fleet.Read(6);
        fleet.Write(4, "hang", pause: TimeSpan.FromMilliseconds(50));
        await fleet.GoOnAsync(50);
        await fleet.Redis!.HangAsync();
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < Of(2, 10); i++)
        {
            foreach (var node in fleet.Nodes)
            {
                using var late = new Person(node.Address, "person-1");
                await TakesAsync(async () => Assert.Equal(HttpStatusCode.Redirect, (await late.SignInAsync()).StatusCode));
                await TakesAsync(async () => Assert.Equal(HttpStatusCode.OK, (await late.Http.GetAsync("/contacts/find?q=person")).StatusCode));
                await TakesAsync(async () => await (await LiveSocket.ConnectAsync(node.Address, late.Cookies)).DisposeAsync());
                await TakesAsync(() => late.SayAsync(fleet.Rooms[0], $"post-by-hand-{i}"));
            }
            await TakesAsync(() => fleet.GoOnAsync(20));
        }
        await fleet.Redis.GoOnAsync();
        await fleet.GoOnAsync(50);

        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await ProveAsync(fleet, $"while Redis hung the slowest act took {slowest.TotalSeconds:0.0} s");

        async Task TakesAsync(Func<Task> act)
        {
            var since = Stopwatch.StartNew();
            await act();
            slowest = since.Elapsed > slowest ? since.Elapsed : slowest;
        }
    }

    [Fact]
    public async Task PostgreSQL_is_killed_or_stopped_and_neither_success_nor_refusal_was_false()
    {
        await using var fleet = await Fleet.ThreeAsync(installations, people: 4, rooms: 2);
        fleet.Read(6);
        fleet.Write(9, "pg");
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < Of(3, 8); i++)
        {
            await fleet.GoOnAsync(200);
            await (i % 2 == 0 ? fleet.Postgres!.KillAsync() : fleet.Postgres!.StopFastAsync());
            if (i == 1)
                await Task.Delay(TimeSpan.FromSeconds(7)); // the fault itself: longer than posts are tried again, so that some are refused
            await fleet.Postgres.StartAsync();
            var since = Stopwatch.StartNew();
            await fleet.GoOnAsync(1);
            slowest = since.Elapsed > slowest ? since.Elapsed : slowest;
            await fleet.AtLeisureAsync(() => AllIsBackAsync(since, $"After {i}"));
        }
        await fleet.GoOnAsync(100);

        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.NotEqual(0, fleet.Ledger.CountOf(Outcome.Refused));
        await ProveAsync(fleet, $"killed or stopped {Of(3, 8)} times, the first post went through {slowest.TotalSeconds:0.0} s after it was back");

        // What is done alone is back at every node as soon as posts are: within ten seconds, told 503 until then.
        async Task AllIsBackAsync(Stopwatch since, string name)
        {
            foreach (var node in fleet.Nodes)
            {
                using var late = new Person(node.Address, "person-1");
                while (await late.SignInAsync() is { StatusCode: HttpStatusCode.ServiceUnavailable })
                {
                    Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
                    await Task.Delay(20);
                }
                var group = await new Person(node.Address, "person-0", cookies: fleet.People[0].Cookies).NewGroupAsync(name);
                using var joined = await Fleet.JoinAsync(late, await late.TokenAsync(), group);
                Assert.InRange((int)joined.StatusCode, 200, 399);
            }
        }
    }

    [Fact]
    public async Task The_file_is_locked_for_ten_seconds()
    {
        await using var fleet = await Fleet.OneAsync(installations, people: 4, rooms: 2);
        fleet.Read(4);
        fleet.Write(4, "lock", pause: TimeSpan.FromMilliseconds(20)); // that another program comes by the lock at all
        await fleet.GoOnAsync(100);
        await using (var other = new SqliteConnection($"Data Source={fleet.Nodes[0].Folder}/webchat.sqlite"))
        {
            await other.OpenAsync();
            await Dapper.SqlMapper.ExecuteAsync(other, "BEGIN IMMEDIATE");
            var since = Stopwatch.StartNew();
            using var refused = await fleet.People[0].PostMessageAsync(fleet.Rooms[0], "post-refused", "refused-while-locked", fleet.Tokens[0]);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Contains("error", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            fleet.Ledger.Note("post-refused", fleet.Rooms[0], Outcome.Refused);
            while (since.Elapsed < TimeSpan.FromSeconds(Of(6, 10)))
                Assert.Equal(HttpStatusCode.OK, (await fleet.People[1].Http.GetAsync($"/rooms/{fleet.Rooms[0]}")).StatusCode); // reading goes on
            await Dapper.SqlMapper.ExecuteAsync(other, "ROLLBACK");
        }
        await fleet.GoOnAsync(100);

        await ProveAsync(fleet, "locked, then on unaided");
    }

    [Fact]
    public async Task The_disk_is_full_for_a_while()
    {
        await using var fleet = await Fleet.OneAsync(installations, people: 4, rooms: 2);
        fleet.Read(4);
        fleet.Write(4, "disk");
        await fleet.GoOnAsync(100);
        // The process may write to no file beyond its first bytes: to SQLite that is a disk without room.
        await Command.RunAsync("prlimit", "--pid", $"{fleet.Nodes[0].ProcessId}", "--fsize=8192:unlimited");
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60)))
        {
            while (fleet.Senders.Sum(s => s.Refusals) < 8)
                await Task.Delay(20, limit.Token);
        }
        Assert.Equal(HttpStatusCode.OK, (await fleet.People[1].Http.GetAsync($"/rooms/{fleet.Rooms[0]}")).StatusCode);
        await Command.RunAsync("prlimit", "--pid", $"{fleet.Nodes[0].ProcessId}", "--fsize=unlimited");
        await fleet.GoOnAsync(100);

        await ProveAsync(fleet, "full, then on unaided");
        Assert.Equal("ok", await CheckSqliteAsync(fleet.Nodes[0].Folder));
    }

    [Fact]
    public async Task A_hundred_who_never_read_hold_nobody_up()
    {
        await using var fleet = await Fleet.OneAsync(installations, people: 6, rooms: 1);
        fleet.Read(4);
        var deaf = new List<DeafSocket>();
        for (var i = 0; i < 100; i++)
            deaf.Add(await DeafSocket.OpenAsync(fleet.Nodes[0].Address, fleet.People[i % fleet.People.Count], fleet.Rooms[0]));
        var before = MemoryOf(fleet.Nodes[0]);
        var took = new List<double>();
        var since = Stopwatch.StartNew();
        var big = new string('x', 3_500);
        var closed = TimeSpan.Zero;
        for (var i = 0; since.Elapsed < TimeSpan.FromSeconds(Of(30, 60)); i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await fleet.People[0].PostMessageAsync(fleet.Rooms[0], $"{big} {i}", token: fleet.Tokens[0]);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (closed == TimeSpan.Zero && deaf.TrueForAll(d => d.IsCut()))
            {
                closed = since.Elapsed;
                break;
            }
        }
        var grown = MemoryOf(fleet.Nodes[0]) - before;
        foreach (var socket in deaf)
            socket.Dispose();

        Assert.NotEqual(TimeSpan.Zero, closed);
        took.Sort();
        var slow = took[(int)(took.Count * 0.99)];
        await ProveAsync(fleet, $"all 100 closed after {closed.TotalSeconds:0.0} s and {took.Count} messages; others' posts p99 {slow:0} ms; memory grew by {grown} MiB");
        Within(closed, seconds: 15);
        Within(TimeSpan.FromMilliseconds(slow), seconds: 0.3);
        Assert.InRange(grown, long.MinValue, 100 * 2); // two times what each of the hundred may be behind
    }

    [Fact]
    public async Task Every_node_is_replaced_in_turn_and_no_post_fails_after_one_retry()
    {
        await using var fleet = await Fleet.ThreeAsync(installations, people: 6, rooms: 2);
        fleet.Read(6);
        fleet.Write(6, "roll", takesNo: false);
        foreach (var node in fleet.Nodes)
        {
            await fleet.GoOnAsync(100);
            await node.TerminateAsync();
            Assert.Equal(0, await node.ExitedAsync());
            await fleet.StartAgainAsync(node);
        }
        await fleet.GoOnAsync(50);

        await ProveAsync(fleet, $"at most {fleet.Senders.Max(s => s.MostTriesNeeded)} tries");
        Assert.InRange(fleet.Senders.Max(s => s.MostTriesNeeded), 1, 2);
    }

    [Fact]
    public async Task Everybody_is_cut_off_at_once_and_catches_up()
    {
        await using var fleet = await Fleet.OneAsync(installations, people: 4, rooms: 2);
        fleet.Read(Of(400, 5_000));
        fleet.Write(4, "cut", pause: TimeSpan.FromMilliseconds(Of(20, 400)));
        await fleet.GoOnAsync(Of(100, 20));
        await ConnectedAsync(fleet, 1);
        await fleet.Nodes[0].KillAsync();
        await fleet.StartAgainAsync(fleet.Nodes[0]);
        var since = Stopwatch.StartNew();
        await ConnectedAsync(fleet, 2);
        var back = since.Elapsed;
        await fleet.GoOnAsync(20);

        await ProveAsync(fleet, $"{fleet.Tabs.Count} sockets were back {back.TotalSeconds:0.0} s after the node was");
        Within(back, seconds: 30);
    }

    /// <summary>What is promised of a machine with nothing else to do; the short form runs among other tests.</summary>
    private static void Within(TimeSpan took, double seconds) => Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(seconds * Of(4, 1)));

    private static async Task ConnectedAsync(Fleet fleet, int times)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (fleet.Tabs.Any(t => t.Connects < times || t.Last == 0))
            await Task.Delay(50, limit.Token);
    }

    private async Task ProveAsync(Fleet fleet, string what)
    {
        var verdict = await fleet.JudgeAsync();
        output.WriteLine($"Measured: {what}; {fleet.Ledger.Count} posts, {fleet.Ledger.CountOf(Outcome.Acknowledged)} acknowledged, {fleet.Ledger.CountOf(Outcome.Refused)} refused, {fleet.Ledger.CountOf(Outcome.Unknown)} unknown, {fleet.Tabs.Count} readers: {verdict}");
        Assert.Equal(AllIsWell, verdict);
        fleet.IsWhole();
    }

    private static async Task<string> CheckSqliteAsync(string folder)
    {
        await using var connection = new SqliteConnection($"Data Source={folder}/webchat.sqlite");
        await connection.OpenAsync();
        return (await Dapper.SqlMapper.ExecuteScalarAsync<string>(connection, "PRAGMA integrity_check"))!;
    }

    private static long MemoryOf(Instance node)
    {
        using var process = Process.GetProcessById(node.ProcessId);
        return process.WorkingSet64 >> 20;
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultRuns : ICollectionFixture<Installations>
{
    public const string Name = "faults";
}
