namespace WebChat.Live;

/// <summary>
/// Lets so many through at a time; the others wait in line, where they cost nothing. When a proxy restarts, thousands come back at once: whatever each
/// has to have done would else stand in the thread pool's queue, and a post would wait behind all of it at each of its steps.
/// </summary>
internal sealed class Turns(int most, TimeProvider clock)
{
    /// <summary>A turn that lasts longer is over for the others: a line that takes no bytes, or a database that does not answer, holds nobody up.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private SemaphoreSlim Free { get; } = new(most, most);

    /// <summary>Waits for a turn, which lasts until it is disposed of.</summary>
    public async Task<Turn> TakeAsync(CancellationToken cancel)
    {
        await Free.WaitAsync(cancel);
        return new Turn(Free, clock);
    }
}

/// <summary>Somebody's turn. Giving it back twice is giving it back once.</summary>
internal sealed class Turn : IDisposable
{
    private readonly SemaphoreSlim free;
    private readonly ITimer limit;
    private int isOver;

    public Turn(SemaphoreSlim free, TimeProvider clock)
    {
        this.free = free;
        limit = clock.CreateTimer(static turn => ((Turn)turn!).End(), this, Turns.Longest, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        limit.Dispose();
        End();
    }

    private void End()
    {
        if (Interlocked.Exchange(ref isOver, 1) == 0)
            free.Release();
    }
}
