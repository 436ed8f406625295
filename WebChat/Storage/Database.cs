using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace WebChat.Storage;

/// <summary>
/// The one door to the rows, whichever engine holds them. Reads run side by side. Writes see the rows as if nobody else wrote,
/// and those that wait together commit together.
/// </summary>
internal abstract class Database(ILogger logger) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static Database() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    protected ILogger Logger => logger;

    /// <summary>Brings the schema up to date and starts to take writes.</summary>
    public abstract Task OpenAsync();

    /// <summary>
    /// Runs a change in the next transaction; the task ends when it is durable. An exception in the change undoes that
    /// change alone. <paramref name="committed"/> is called before the task ends: it must be quick and not throw.
    /// </summary>
    /// <exception cref="StorageUnavailableException">Nothing was stored: too many writes wait, or the database is locked, full or away.</exception>
    /// <exception cref="StorageUncertainException">The database went away while it committed.</exception>
    public Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> change, Action<T>? committed = null)
    {
        var write = new SingleWrite<T>(change, committed);
        Lane.Add(write);
        return write.Done;
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<DbConnection, Task> change) =>
        WriteAsync(async connection =>
        {
            await change(connection);
            return true;
        });

    /// <summary>A kind of write that many want at once, and that may be repeated without harm when its outcome was not heard.</summary>
    /// <param name="write">Writes them all by few statements, and gives each its result.</param>
    /// <param name="committed">Called for each, in their order, when they are durable: quick, and not throwing.</param>
    public GroupWrite<TItem, TResult> Group<TItem, TResult>(
        Func<DbConnection, IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> write, Action<TResult>? committed = null) =>
        new(GroupLane(), write, committed);

    /// <summary>Runs a query on a connection of its own. One statement sees one moment.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be read now.</exception>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await OnceAsync(query);
            }
            catch (StorageUnavailableException error) when (tries < ReadTries && !IsTimeout(error.InnerException))
            {
                // A connection that was idle may be a dead one; where nobody answered, they will not the next moment.
            }
        }
    }

    /// <summary>Uses a connection once, and says in one way that the database is not there.</summary>
    /// <exception cref="StorageUnavailableException">With the reason.</exception>
    protected async Task<T> OnceAsync<T>(Func<DbConnection, Task<T>> use)
    {
        try
        {
            await using var connection = await ConnectAsync();
            try
            {
                return await use(connection);
            }
            catch (InvalidOperationException error) when (connection.State != System.Data.ConnectionState.Open)
            {
                throw new StorageUnavailableException(error); // it broke before it was used
            }
        }
        catch (Exception error) when (IsPassing(error))
        {
            throw new StorageUnavailableException(error);
        }
    }

    private static bool IsTimeout(Exception? error) => error is TimeoutException || error?.InnerException is TimeoutException;

    /// <summary>Statements that need to look at nothing before: it goes past the queue of writes.</summary>
    /// <exception cref="StorageUnavailableException">It may not have been stored.</exception>
    public virtual Task<int> ExecuteAsync(string sql, object parameters) => WriteAsync(c => c.ExecuteAsync(sql, parameters));

    /// <summary>The condition that a column is among the values of a list parameter.</summary>
    public abstract string In(string column, string parameter);

    /// <summary>The condition that a text begins with a text parameter, letter by letter; an index of the column answers it.</summary>
    public abstract string Begins(string column, string parameter);

    /// <summary>Rows as a table <c>t</c> in a statement: the list is given, packed by <see cref="Pack"/>, as one parameter.</summary>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="columns">The items' properties as <see cref="Pack"/> names them, with their SQL types.</param>
    public abstract string Table(string parameter, params (string Name, string Type)[] columns);

    /// <summary>What takes the lock on rows that are read to be changed, at the end of a SELECT.</summary>
    /// <param name="table">Whose rows.</param>
    public abstract string ForUpdate(string table);

    /// <summary>The query for how many bytes all of it takes.</summary>
    public abstract string Size { get; }

    /// <summary>Items for <see cref="Table"/>.</summary>
    public static string Pack<T>(IEnumerable<T> items) => JsonSerializer.Serialize(items, Json);

    public abstract ValueTask DisposeAsync();

    /// <summary>How often a read is tried when the database is away: connections that were idle may be dead ones.</summary>
    protected abstract int ReadTries { get; }

    /// <summary>The writes that need to be alone.</summary>
    protected abstract WriteLane Lane { get; }

    /// <summary>The lane of a new kind of group writes.</summary>
    protected abstract WriteLane GroupLane();

    protected abstract Task<DbConnection> ConnectAsync();

    /// <summary>Locked, full, away: it may go well later. Anything else is a mistake of ours.</summary>
    protected internal abstract bool IsPassing(Exception error);
}
