using System.Data.Common;
using System.Threading.Channels;
using Dapper;

namespace WebChat.Storage;

/// <summary>
/// A queue of writes with one connection: whatever waits (at most <see cref="GroupSize"/>) commits together in one durable
/// transaction, each kind of write in a savepoint of its own where there are several. Waiting for nothing, it groups by itself under load and adds nothing when idle.
/// </summary>
internal sealed partial class WriteLane(WriteLaneOptions options, ILogger logger) : IAsyncDisposable
{
    /// <summary>Most writes that share a commit: beyond it the first would wait too long for the last.</summary>
    public const int GroupSize = 128;

    /// <summary>Most writes that may wait; the next is refused with <see cref="StorageUnavailableException"/>.</summary>
    public const int QueueSize = 8192;

    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMilliseconds(100);

    private readonly Channel<Write> queue = Channel.CreateBounded<Write>(new BoundedChannelOptions(QueueSize) { SingleReader = true });
    private DbConnection? connection;
    private Task loop = Task.CompletedTask;
    private int waiting; // with those that are being committed
    private TaskCompletionSource? quiet;
    private volatile bool isEnding;

    /// <summary>Since when nothing could be committed that waited; null while all is well.</summary>
    private long? awaySince;

    /// <summary>Starts to take writes.</summary>
    /// <param name="open">An open connection for this lane alone, or null to make one when it is needed.</param>
    public void Start(DbConnection? open = null)
    {
        connection = open;
        loop = Task.Run(RunAsync);
    }

    public void Add(Write write)
    {
        write.Since = options.Clock.GetTimestamp();
        Interlocked.Increment(ref waiting);
        if (queue.Writer.TryWrite(write))
            return;
        Leave(1);
        throw new StorageUnavailableException("Too many writes are waiting.");
    }

    /// <summary>Ends when no write waits or is being committed; at once where none is.</summary>
    public Task QuietAsync()
    {
        if (Volatile.Read(ref waiting) == 0)
            return Task.CompletedTask;
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var shared = Interlocked.CompareExchange(ref quiet, mine, null) ?? mine;
        if (Volatile.Read(ref waiting) == 0)
        {
            shared.TrySetResult(); // the last one went meanwhile, and has not seen this
            Interlocked.CompareExchange(ref quiet, null, shared);
        }
        return shared.Task;
    }

    private void Leave(int writes)
    {
        if (Interlocked.Add(ref waiting, -writes) == 0)
            Interlocked.Exchange(ref quiet, null)?.TrySetResult();
    }

    /// <summary>
    /// Ends when all that waits was tried. While nothing can be committed, it is tried no more; and what a server does not answer is left to
    /// it, for by now nobody waits for the answer and a node has to go in time.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        isEnding = true;
        queue.Writer.TryComplete();
        try
        {
            await loop.WaitAsync(options.EndWithin, options.Clock);
        }
        catch (TimeoutException error)
        {
            Log.NotEnded(logger, error);
            return;
        }
        await DropAsync();
    }

    private async Task RunAsync()
    {
        var group = new List<Write>(GroupSize);
        while (await queue.Reader.WaitToReadAsync())
        {
            await Task.Yield(); // all that is ready goes first, posts among it: a commit costs as much for one as for many
            while (group.Count < GroupSize && queue.Reader.TryRead(out var write))
                group.Add(write);
            var taken = group.Count;
            try
            {
                await CommitAsync(group);
            }
            catch (Exception error) // a mistake in here must not be the end of all writing
            {
                Log.CommitFailed(logger, group.Count, error);
                foreach (var write in group)
                    write.Fail(new StorageUncertainException(error));
            }
            group.Clear();
            Leave(taken);
            if (!queue.Reader.TryPeek(out _))
                awaySince = null; // nobody has waited since: who comes next may hope as long as the first
        }
    }

    /// <summary>
    /// Commits the group. What was not run yet, or may be run again, is tried for a while from the moment when nothing could be committed
    /// any more, and after that once; all else is told that it failed.
    /// </summary>
    private async Task CommitAsync(List<Write> group)
    {
        Refuse(group, w => IsLate(w) || (isEnding && awaySince is not null), new TimeoutException("The database was not available in time."));
        while (group.Count > 0)
        {
            if (await TryCommitAsync(group) is not { } error)
            {
                awaySince = null;
                foreach (var write in group)
                    Complete(write);
                return;
            }
            awaySince ??= options.Clock.GetTimestamp();
            var isRepeated = options.IsRemote && !isEnding && options.Clock.GetElapsedTime(awaySince.Value) < options.RepeatFor;
            Refuse(group, w => !isRepeated || (w.WasRun && !w.IsRepeatable) || IsLate(w), error);
            if (group.Count > 0)
                await Task.Delay(RepeatAfter, options.Clock);
        }
    }

    private bool IsLate(Write write) => options.Clock.GetElapsedTime(write.Since) > options.WaitFor;

    /// <summary>Takes writes out of the group, and says that nothing of them is stored; or that this is not known.</summary>
    private static void Refuse(List<Write> group, Func<Write, bool> isMeant, Exception cause) =>
        group.RemoveAll(write =>
        {
            if (!isMeant(write))
                return false;
            write.Fail(write.IsUncertain ? new StorageUncertainException(cause) : new StorageUnavailableException(cause));
            return true;
        });

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

    /// <returns>Null when all is durable; else why not.</returns>
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
            if (isCommitting && options.IsRemote && !IsRefusal(error))
                group.ForEach(w => w.IsUncertain = true);
            await RollBackAsync();
            return error;
        }
    }

    /// <summary>
    /// A COMMIT that was answered so stored nothing: a constraint that is looked at in the end, or a transaction that the server undid. All
    /// else, a server that says it is going down among it, may be said after everything was stored.
    /// </summary>
    private static bool IsRefusal(Exception error) => error is DbException { SqlState: ['2', '3', ..] or ['4', '0', ..] };

    /// <returns>Where the next kind begins.</returns>
    private async Task<int> RunOneKindAsync(DbConnection open, List<Write> group, int first)
    {
        var end = first + 1;
        while (end < group.Count && group[end].Kind == group[first].Kind)
            end++;
        var writes = group.GetRange(first, end - first);
        await (writes.Count == group.Count && writes[0].IsRepeatable ? RunAloneAsync(open, writes) : RunAsync(open, writes));
        // Of many that failed together one may be to blame; and what another node wrote in between is seen at the second look.
        if (writes[0] is { Error: not null, IsRepeatable: true })
        {
            foreach (var write in writes)
                await RunAsync(open, [write]);
        }
        return end;
    }

    /// <summary>Runs writes of one kind, which undo themselves and nothing else when they fail.</summary>
    private async Task RunAsync(DbConnection open, List<Write> writes)
    {
        await open.ExecuteAsync("SAVEPOINT one");
        await TryAsync(open, writes, "ROLLBACK TO one");
        await open.ExecuteAsync("RELEASE one");
    }

    /// <summary>The same for all that is in the transaction, and is run again when it failed: to undo it is to begin anew, and a savepoint would cost for nothing.</summary>
    private Task RunAloneAsync(DbConnection open, List<Write> writes) => TryAsync(open, writes, $"ROLLBACK; {options.Begin}");

    private async Task TryAsync(DbConnection open, List<Write> writes, string undo)
    {
        foreach (var write in writes)
        {
            write.WasRun = true;
            write.Error = null;
        }
        try
        {
            await writes[0].RunAsync(open, writes);
        }
        catch (Exception error) when (!options.IsPassing(error))
        {
            await open.ExecuteAsync(undo);
            foreach (var write in writes)
                write.Error = error;
        }
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
            if (connection is not null)
                await connection.ExecuteAsync("ROLLBACK");
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            // BEGIN itself failed, or the engine has rolled back already: there is nothing to undo.
        }
    }

    private async Task DropAsync()
    {
        var dropped = connection;
        connection = null;
        try
        {
            if (dropped is not null)
                await dropped.DisposeAsync();
        }
        catch (Exception error) // a broken connection may break even here; it is let go of in any case
        {
            Log.NotDropped(logger, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A write was stored but not handed on")]
        public static partial void NotHandedOn(ILogger logger, Exception error);

        [LoggerMessage(Level = LogLevel.Error, Message = "A commit of {Writes} writes failed")]
        public static partial void CommitFailed(ILogger logger, int writes, Exception error);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The database did not answer the last writes before this node ended")]
        public static partial void NotEnded(ILogger logger, Exception error);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A lost connection could not be let go of")]
        public static partial void NotDropped(ILogger logger, Exception error);
    }
}

/// <summary>How a lane works on its engine.</summary>
internal sealed record WriteLaneOptions
{
    public required Func<Task<DbConnection>> ConnectAsync { get; init; }

    /// <summary>Begins a transaction and takes the lock that this lane's writes need.</summary>
    public required string Begin { get; init; }

    public required Func<Exception, bool> IsPassing { get; init; }

    /// <summary>True when a connection can be lost, and with it the answer to a commit.</summary>
    public required bool IsRemote { get; init; }

    /// <summary>How long writes are tried again, from the moment when nothing could be committed any more.</summary>
    public TimeSpan RepeatFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A write that has waited so long is tried no more: whoever waits for it has given up, and others wait behind it.</summary>
    public TimeSpan WaitFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the end of a lane waits for what is under way.</summary>
    public TimeSpan EndWithin { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
