using System.Data.Common;
using System.Threading.Channels;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace WebChat.Storage;

/// <summary>
/// The one door to the rows. Reads run side by side; writes stand in one queue, and whatever is waiting
/// (at most <see cref="GroupSize"/>) commits together in one durable transaction.
/// </summary>
internal sealed partial class Database(IOptions<StorageOptions> options, ILogger<Database> logger) : IAsyncDisposable
{
    /// <summary>Most writes that share a commit: beyond it the first would wait too long for the last.</summary>
    public const int GroupSize = 128;

    /// <summary>Most writes that may wait; the next is refused with <see cref="StorageUnavailableException"/>.</summary>
    public const int QueueSize = 8192;

    private readonly string connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = options.Value.DatabaseFile,
        ForeignKeys = true,
        DefaultTimeout = 5, // seconds a statement waits for another process's lock
    }.ToString();

    private readonly Channel<Write> queue = Channel.CreateBounded<Write>(new BoundedChannelOptions(QueueSize) { SingleReader = true });
    private Task writer = Task.CompletedTask;

    static Database()
    {
        SQLitePCL.Batteries_V2.Init();
        DefaultTypeMap.MatchNamesWithUnderscores = true;
    }

    /// <summary>Makes the data directory and the file, brings the schema up to date, and starts the writer.</summary>
    public async Task OpenAsync()
    {
        Directory.CreateDirectory(options.Value.Data);
        var connection = await ConnectAsync();
        await connection.ExecuteAsync("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;");
        await Migrations.RunAsync(connection, "sqlite");
        writer = Task.Run(() => RunWriterAsync(connection));
    }

    /// <summary>Runs a query on a connection of its own. One statement sees one moment.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be read now.</exception>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query)
    {
        try
        {
            await using var connection = await ConnectAsync();
            return await query(connection);
        }
        catch (SqliteException error) when (IsPassing(error))
        {
            throw new StorageUnavailableException(error);
        }
    }

    /// <summary>
    /// Runs a change in the next transaction; the task ends when it is durable. An exception in the change undoes that
    /// change alone. <paramref name="committed"/> is called in commit order, before the task ends: it must be quick and not throw.
    /// </summary>
    /// <exception cref="StorageUnavailableException">Nothing was stored: too many writes wait, or the database is locked or full.</exception>
    public Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> change, Action<T>? committed = null)
    {
        var write = new Write<T>(change, committed);
        if (!queue.Writer.TryWrite(write))
            throw new StorageUnavailableException("Too many writes are waiting.");
        return write.Done;
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<DbConnection, Task> change) =>
        WriteAsync(async connection =>
        {
            await change(connection);
            return true;
        });

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writer;
        SqliteConnection.ClearPool(new SqliteConnection(connectionString));
    }

    private async Task<SqliteConnection> ConnectAsync()
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }

    private async Task RunWriterAsync(SqliteConnection connection)
    {
        await using var owned = connection;
        var group = new List<Write>(GroupSize);
        while (await queue.Reader.WaitToReadAsync())
        {
            while (group.Count < GroupSize && queue.Reader.TryRead(out var write))
                group.Add(write);
            await CommitAsync(connection, group);
            group.Clear();
        }
    }

    private async Task CommitAsync(SqliteConnection connection, List<Write> group)
    {
        try
        {
            await connection.ExecuteAsync("BEGIN IMMEDIATE");
            foreach (var write in group)
                await write.RunAsync(connection);
            await connection.ExecuteAsync("COMMIT");
        }
        catch (SqliteException error)
        {
            Log.CommitFailed(logger, group.Count, error.SqliteErrorCode);
            await RollBackAsync(connection);
            foreach (var write in group)
                write.Fail(new StorageUnavailableException(error));
            return;
        }
        foreach (var write in group)
            write.Complete();
    }

    private static async Task RollBackAsync(SqliteConnection connection)
    {
        try
        {
            await connection.ExecuteAsync("ROLLBACK");
        }
        catch (SqliteException)
        {
            // BEGIN itself failed, or SQLite has rolled back already: there is nothing to undo.
        }
    }

    /// <summary>Locked, busy, out of disk or memory: it may go well later. Anything else is a mistake of ours.</summary>
    private static bool IsPassing(SqliteException error) => error.SqliteErrorCode is 5 or 6 or 7 or 10 or 13 or 14;

    private abstract class Write
    {
        public abstract Task RunAsync(SqliteConnection connection);
        public abstract void Complete();
        public abstract void Fail(Exception error);
    }

    private sealed class Write<T>(Func<DbConnection, Task<T>> change, Action<T>? committed) : Write
    {
        private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? result;
        private Exception? error;

        public Task<T> Done => done.Task;

        public override async Task RunAsync(SqliteConnection connection)
        {
            await connection.ExecuteAsync("SAVEPOINT one");
            try
            {
                result = await change(connection);
            }
            catch (Exception exception) when (exception is not SqliteException passing || !IsPassing(passing))
            {
                error = exception;
                await connection.ExecuteAsync("ROLLBACK TO one");
            }
            await connection.ExecuteAsync("RELEASE one");
        }

        public override void Complete()
        {
            if (error is not null)
            {
                done.SetException(error);
                return;
            }
            committed?.Invoke(result!);
            done.SetResult(result!);
        }

        public override void Fail(Exception error) => done.TrySetException(error);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A commit of {Writes} writes failed with SQLite error {Code}; nothing of it was stored")]
        public static partial void CommitFailed(ILogger logger, int writes, int code);
    }
}
