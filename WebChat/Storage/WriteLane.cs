using System.Data.Common;
using System.Threading.Channels;
using Dapper;

namespace WebChat.Storage;

/// <summary>
/// A queue of writes with one connection: whatever waits (at most <see cref="GroupSize"/>) commits together in one durable
/// transaction, each write in a savepoint of its own. Waiting for nothing, it groups by itself under load and adds nothing when idle.
/// </summary>
internal sealed partial class WriteLane(WriteLaneOptions options, ILogger logger) : IAsyncDisposable
{
    /// <summary>Most writes that share a commit: beyond it the first would wait too long for the last.</summary>
    public const int GroupSize = 128;

    /// <summary>Most writes that may wait; the next is refused with <see cref="StorageUnavailableException"/>.</summary>
    public const int QueueSize = 8192;

    private static readonly TimeSpan RepeatFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMilliseconds(100);

    private readonly Channel<Write> queue = Channel.CreateBounded<Write>(new BoundedChannelOptions(QueueSize) { SingleReader = true });
    private DbConnection? connection;
    private Task loop = Task.CompletedTask;

    /// <summary>Starts to take writes.</summary>
    /// <param name="open">An open connection for this lane alone, or null to make one when it is needed.</param>
    public void Start(DbConnection? open = null)
    {
        connection = open;
        loop = Task.Run(RunAsync);
    }

    public void Add(Write write)
    {
        if (!queue.Writer.TryWrite(write))
            throw new StorageUnavailableException("Too many writes are waiting.");
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
        await DropAsync();
    }

    private async Task RunAsync()
    {
        var group = new List<Write>(GroupSize);
        while (await queue.Reader.WaitToReadAsync())
        {
            while (group.Count < GroupSize && queue.Reader.TryRead(out var write))
                group.Add(write);
            await CommitAsync(group);
            group.Clear();
        }
    }

    /// <summary>Commits the group. What may be repeated is, for a while; what may not is told that it failed.</summary>
    private async Task CommitAsync(List<Write> group)
    {
        var until = DateTime.UtcNow + RepeatFor;
        while (await TryCommitAsync(group) is { } error)
        {
            var isRepeated = options.IsRemote && DateTime.UtcNow < until;
            foreach (var write in isRepeated ? group.FindAll(w => !w.IsRepeatable) : group)
                write.Fail(error);
            if (!isRepeated || group.RemoveAll(w => !w.IsRepeatable) == group.Count)
                return;
            await Task.Delay(RepeatAfter);
        }
        foreach (var write in group)
            Complete(write);
    }

    private void Complete(Write write)
    {
        try
        {
            write.Complete();
        }
        catch (Exception error)
        {
            Log.NotHandedOn(logger, error); // it is stored; readers find it there
        }
    }

    /// <returns>Null when all is durable; else why not, and whether something may be.</returns>
    private async Task<Exception?> TryCommitAsync(List<Write> group)
    {
        var isCommitting = false;
        try
        {
            connection ??= await options.ConnectAsync();
            await connection.ExecuteAsync(options.Begin);
            for (var next = 0; next < group.Count;)
                next = await RunOneKindAsync(connection, group, next);
            isCommitting = true;
            await connection.ExecuteAsync("COMMIT");
            return null;
        }
        catch (Exception error) // whatever it is, the next group must get its turn
        {
            Log.CommitFailed(logger, group.Count, error);
            var isLost = isCommitting && options.IsRemote && error is not DbException { SqlState.Length: > 0 };
            await RollBackAsync();
            return isLost ? new StorageUncertainException(error) : new StorageUnavailableException(error);
        }
    }

    /// <returns>Where the next kind begins.</returns>
    private async Task<int> RunOneKindAsync(DbConnection open, List<Write> group, int first)
    {
        var end = first + 1;
        while (end < group.Count && group[end].Kind == group[first].Kind)
            end++;
        var writes = group.GetRange(first, end - first);
        await open.ExecuteAsync("SAVEPOINT one");
        try
        {
            await group[first].RunAsync(open, writes);
        }
        catch (Exception error) when (error is not DbException passing || !options.IsPassing(passing))
        {
            await open.ExecuteAsync("ROLLBACK TO one");
            foreach (var write in writes)
                write.Error = error;
        }
        await open.ExecuteAsync("RELEASE one");
        return end;
    }

    private async Task RollBackAsync()
    {
        if (options.IsRemote)
        {
            await DropAsync(); // what it was doing is undone with it
            return;
        }
        try
        {
            await connection!.ExecuteAsync("ROLLBACK");
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            // BEGIN itself failed, or the engine has rolled back already: there is nothing to undo.
        }
    }

    private async Task DropAsync()
    {
        if (connection is null)
            return;
        await connection.DisposeAsync();
        connection = null;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A write was stored but not handed on")]
        public static partial void NotHandedOn(ILogger logger, Exception error);

        [LoggerMessage(Level = LogLevel.Error, Message = "A commit of {Writes} writes failed")]
        public static partial void CommitFailed(ILogger logger, int writes, Exception error);
    }
}

/// <summary>How a lane works on its engine.</summary>
internal sealed record WriteLaneOptions
{
    public required Func<Task<DbConnection>> ConnectAsync { get; init; }

    /// <summary>Begins a transaction and takes the lock that this lane's writes need.</summary>
    public required string Begin { get; init; }

    public required Func<DbException, bool> IsPassing { get; init; }

    /// <summary>True when a connection can be lost, and with it the answer to a commit.</summary>
    public required bool IsRemote { get; init; }
}
