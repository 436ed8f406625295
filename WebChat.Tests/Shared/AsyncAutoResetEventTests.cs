using WebChat.Shared;

namespace WebChat.Tests.Shared;

public sealed class AsyncAutoResetEventTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    private readonly AsyncAutoResetEvent woken = new();

    [Fact]
    public async Task However_often_it_is_set_before_somebody_waits_they_are_woken_once()
    {
        woken.Set();
        woken.Set();
        woken.Set();

        Assert.True(await woken.WaitAsync(Long, default));
        Assert.False(await woken.WaitAsync(TimeSpan.Zero, default));
    }

    [Fact]
    public async Task Who_waits_is_woken_each_time()
    {
        for (var times = 0; times < 3; times++)
        {
            var waiting = woken.WaitAsync(Long, default);
            Assert.False(waiting.IsCompleted);

            woken.Set();

            Assert.True(await waiting);
        }
    }

    [Fact]
    public async Task What_is_set_while_they_are_busy_wakes_them_when_they_wait_again()
    {
        woken.Set();
        Assert.True(await woken.WaitAsync(Long, default));

        woken.Set();

        Assert.True(await woken.WaitAsync(Long, default));
    }
}
