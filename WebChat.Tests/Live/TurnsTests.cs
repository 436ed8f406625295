using WebChat.Live;

namespace WebChat.Tests.Live;

public sealed class TurnsTests
{
    [Fact]
    public async Task Of_a_crowd_no_more_are_let_through_than_there_is_room_for_and_all_in_the_end()
    {
        var turns = new Turns(3, TimeProvider.System);
        var (inside, most, through) = (0, 0, 0);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            using var turn = await turns.TakeAsync(CancellationToken.None);
            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            Interlocked.Increment(ref through);
        })));

        Assert.InRange(most, 1, 3);
        Assert.Equal(200, through);
    }

    [Fact]
    public async Task A_turn_given_back_twice_lets_one_in_and_not_two()
    {
        var turns = new Turns(1, TimeProvider.System);
        var first = await turns.TakeAsync(CancellationToken.None);
        var (second, third) = (turns.TakeAsync(CancellationToken.None), turns.TakeAsync(CancellationToken.None));

        first.Dispose();
        first.Dispose();

        using var turn = await second;
        Assert.False(third.IsCompleted);
    }

    [Fact]
    public async Task Who_gave_up_waiting_takes_nobodys_turn()
    {
        var turns = new Turns(1, TimeProvider.System);
        var first = await turns.TakeAsync(CancellationToken.None);
        using var patience = new CancellationTokenSource();
        var gone = turns.TakeAsync(patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        first.Dispose();

        (await turns.TakeAsync(CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task Who_does_not_end_holds_nobody_up_for_ever()
    {
        var clock = new StoppedClock();
        var turns = new Turns(1, clock);
        var stuck = await turns.TakeAsync(CancellationToken.None);
        var next = turns.TakeAsync(CancellationToken.None);
        Assert.False(next.IsCompleted);

        clock.Ring();

        var second = await next;
        stuck.Dispose(); // its turn was over: this lets nobody else in
        Assert.False(turns.TakeAsync(CancellationToken.None).IsCompleted);
        second.Dispose();
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }

    /// <summary>Whose first timer rings when it is told to.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        private Action? ring;

        public void Ring() => ring!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(Turns.Longest, dueTime);
            ring ??= () => callback(state);
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
