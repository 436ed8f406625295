using WebChat.Accounts;

namespace WebChat.Tests.Accounts;

public sealed class LockoutsTests
{
    private readonly TestClock clock = new();
    private readonly Lockouts lockouts;

    public LockoutsTests() => lockouts = new Lockouts(clock);

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
            lockouts.TryBegin("ANN", "192.0.2.1");
    }

    [Fact]
    public void Five_failures_lock_the_account_for_that_address_only()
    {
        Fail(4);
        Assert.False(lockouts.IsLocked("ANN", "192.0.2.1"));
        Fail(1);
        Assert.True(lockouts.IsLocked("ANN", "192.0.2.1"));
        Assert.False(lockouts.IsLocked("ANN", "192.0.2.2"));
        Assert.False(lockouts.IsLocked("BEN", "192.0.2.1"));
    }

    [Fact]
    public void The_lock_opens_after_fifteen_minutes()
    {
        Fail(5);
        clock.Pass(TimeSpan.FromMinutes(15));
        Assert.False(lockouts.IsLocked("ANN", "192.0.2.1"));
        Fail(1);
        Assert.False(lockouts.IsLocked("ANN", "192.0.2.1"));
    }

    [Fact]
    public void Trying_on_while_locked_does_not_make_it_longer()
    {
        Fail(5);
        clock.Pass(TimeSpan.FromMinutes(14));
        Fail(1);
        clock.Pass(TimeSpan.FromMinutes(1));
        Assert.False(lockouts.IsLocked("ANN", "192.0.2.1"));
    }

    [Fact]
    public void Signing_in_forgets_the_failures_before()
    {
        Fail(4);
        lockouts.Succeeded("ANN", "192.0.2.1");
        Fail(4);
        Assert.False(lockouts.IsLocked("ANN", "192.0.2.1"));
    }

    [Fact]
    public void What_opened_again_is_forgotten()
    {
        for (var i = 0; i < 1000; i++)
            lockouts.TryBegin($"{i}", "192.0.2.1");
        clock.Pass(TimeSpan.FromMinutes(14));
        Fail(5);
        clock.Pass(TimeSpan.FromMinutes(2));

        lockouts.TryBegin("BEN", "192.0.2.1");

        Assert.Equal(2, lockouts.Count);
        Assert.True(lockouts.IsLocked("ANN", "192.0.2.1"));
    }

    [Fact]
    public void Of_fifty_tries_at_once_five_are_let_through()
    {
        var begun = 0;

        Parallel.For(0, 50, _ =>
        {
            if (lockouts.TryBegin("ANN", "192.0.2.1"))
                Interlocked.Increment(ref begun);
        });

        Assert.Equal(5, begun);
    }
}
