using Microsoft.Extensions.Logging;
using WebChat.Media;

namespace WebChat.Tests.Media;

public sealed class SweepTests
{
    [Fact]
    public async Task A_sweep_that_fails_is_put_off_and_ends_nothing()
    {
        var rows = new Rows(Engine.Postgres);
        await rows.InitializeAsync();
        await rows.DisposeAsync(); // whatever is asked of it now is answered by a mistake of ours, not by a database that is away
        var log = new Log();
        using var sweep = new PictureSweep(new PictureStore(rows.Database), new Hasty(), log);

        await sweep.StartAsync(CancellationToken.None);

        await log.Twice.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(sweep.ExecuteTask!.IsCompleted);
        await sweep.StopAsync(CancellationToken.None);
    }

    /// <summary>A clock whose hours are milliseconds.</summary>
    private sealed class Hasty : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Hurry(dueTime), Hurry(period));

        private static TimeSpan Hurry(TimeSpan time) => time < TimeSpan.Zero ? time : time / 3_600_000;
    }

    private sealed class Log : ILogger<PictureSweep>
    {
        private int said;

        public TaskCompletionSource Twice { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (Interlocked.Increment(ref said) == 2)
                Twice.TrySetResult();
        }
    }
}
