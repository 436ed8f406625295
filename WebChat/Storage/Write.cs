using System.Data.Common;

namespace WebChat.Storage;

/// <summary>A write that waits in a lane.</summary>
internal abstract class Write
{
    /// <summary>Writes of one kind that stand together run in one call.</summary>
    public virtual object Kind => this;

    /// <summary>True when doing it twice is the same as doing it once.</summary>
    public virtual bool IsRepeatable => false;

    /// <summary>Set when the write itself went wrong, and nothing of it is to be stored.</summary>
    public Exception? Error { get; set; }

    /// <summary>True once it was run in a transaction, whatever became of that.</summary>
    public bool WasRun { get; set; }

    /// <summary>True once a commit that it was in was not answered: it may be stored, whatever is heard later.</summary>
    public bool IsUncertain { get; set; }

    /// <summary>When it began to wait, as <see cref="TimeProvider.GetTimestamp"/> says it.</summary>
    public long Since { get; set; }

    /// <summary>Runs these writes of one kind inside the lane's transaction.</summary>
    public abstract Task RunAsync(DbConnection connection, IReadOnlyList<Write> group);

    /// <summary>It is durable, or was undone alone: says so to who waits.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception error);
}

/// <inheritdoc/>
internal abstract class Write<T>(Action<T>? committed) : Write
{
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Done => done.Task;

    protected T? Result { get; set; }

    public override void Complete()
    {
        if (Error is not null)
        {
            done.SetException(Error);
            return;
        }
        try
        {
            committed?.Invoke(Result!);
        }
        finally
        {
            done.SetResult(Result!);
        }
    }

    public override void Fail(Exception error) => done.TrySetException(error);
}

/// <summary>A change on its own.</summary>
internal sealed class SingleWrite<T>(Func<DbConnection, Task<T>> change, Action<T>? committed) : Write<T>(committed)
{
    public override async Task RunAsync(DbConnection connection, IReadOnlyList<Write> group) => Result = await change(connection);
}
