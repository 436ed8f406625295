namespace WebChat.Shared;

/// <summary>Wakes the one who waits. However often it is set while they are busy, they are woken once more.</summary>
internal sealed class AsyncAutoResetEvent : IDisposable
{
    private readonly SemaphoreSlim semaphore = new(0, 1);
    private int isSet;

    /// <summary>Wakes them, now or when they wait next. What was written before is seen by them after. Never waits.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref isSet, 1) == 0)
            semaphore.Release();
    }

    /// <summary>Waits until it is set, in one place at a time.</summary>
    /// <returns>False when the time is up.</returns>
    public async Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancel)
    {
        if (!await semaphore.WaitAsync(timeout, cancel))
            return false;
        Interlocked.Exchange(ref isSet, 0);
        return true;
    }

    /// <inheritdoc cref="WaitAsync(TimeSpan, CancellationToken)"/>
    public Task WaitAsync(CancellationToken cancel) => WaitAsync(Timeout.InfiniteTimeSpan, cancel);

    public void Dispose() => semaphore.Dispose();
}
