using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace WebChat.Storage;

/// <summary>A table of a snapshot, and of what is filled from one.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">In the order in which values of rows stand.</param>
/// <param name="Counter">The column that the engine counts, where there is one.</param>
/// <param name="Last">The last number it gave out.</param>
internal sealed record SnapshotTable(string Name, IReadOnlyList<string> Columns, string? Counter = null, long Last = 0)
{
    public string ColumnList => string.Join(", ", Columns.Select(c => $"\"{c}\""));
}

/// <summary>
/// All rows as they were at one moment, while nodes go on writing. The tables are the schema's, so that none is forgotten; the keys of
/// sign-ins are among them on both engines. Values are alike on both: null, long, double, string or bytes.
/// </summary>
internal abstract class Snapshot(DbConnection connection) : IAsyncDisposable
{
    /// <summary>What holds the rows.</summary>
    public abstract string Engine { get; }

    /// <summary>For questions of features about the same moment.</summary>
    public DbConnection Connection => connection;

    /// <summary>The number of the last migration.</summary>
    public int Schema { get; private set; }

    /// <exception cref="CopyRefusedException">There is nothing to be read, or it cannot be reached.</exception>
    public static async Task<Snapshot> TakeAsync(StorageOptions options, CancellationToken cancel)
    {
        Snapshot snapshot = options.Postgres is null ? await SqliteSnapshot.OpenAsync(options, cancel) : new PostgresSnapshot(await PostgresTables.ConnectAsync(options.Postgres, "backup", cancel));
        try
        {
            await snapshot.BeginAsync();
            // The first read is the moment that all others see.
            snapshot.Schema = (int)(await snapshot.Connection.ExecuteScalarAsync<long?>("SELECT max(number) FROM migrations") ?? 0);
            return snapshot;
        }
        catch
        {
            await snapshot.DisposeAsync();
            throw;
        }
    }

    public abstract Task<IReadOnlyList<SnapshotTable>> TablesAsync();

    public virtual async IAsyncEnumerable<object?[]> ReadAsync(SnapshotTable table, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // names of the schema itself
        command.CommandText = $"SELECT {table.ColumnList} FROM \"{table.Name}\"";
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancel);
        while (await reader.ReadAsync(cancel))
        {
            var row = new object?[table.Columns.Count];
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.GetValue(i) switch { DBNull => null, int number => (long)number, bool truth => truth ? 1L : 0L, var value => value };
            yield return row;
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    protected abstract Task BeginAsync();
}

/// <summary>A read transaction beside the node's writes: with a write-ahead log neither waits for the other.</summary>
internal sealed class SqliteSnapshot : Snapshot
{
    private readonly StorageOptions options;

    private SqliteSnapshot(StorageOptions options, SqliteConnection connection) : base(connection) => this.options = options;

    public override string Engine => "sqlite";

    public static async Task<SqliteSnapshot> OpenAsync(StorageOptions options, CancellationToken cancel)
    {
        SQLitePCL.Batteries_V2.Init();
        if (!File.Exists(options.DatabaseFile))
            throw new CopyRefusedException($"There is no {options.DatabaseFile}. WebChat__Data names the data directory of the installation.");
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = options.DatabaseFile, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 30 }.ToString());
        await connection.OpenAsync(cancel);
        return new SqliteSnapshot(options, connection);
    }

    public override async Task<IReadOnlyList<SnapshotTable>> TablesAsync()
    {
        var columns = await Connection.QueryAsync<(string Table, string Column)>(
            """
            SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT GLOB 'sqlite_*' AND t.name <> 'migrations' ORDER BY t.name, c.cid
            """);
        var counted = (await Connection.QueryAsync<(string Table, long Last)>("SELECT name, seq FROM sqlite_sequence")).ToDictionary(c => c.Table, c => c.Last, StringComparer.Ordinal);
        return [
            .. columns.GroupBy(c => c.Table, c => c.Column, StringComparer.Ordinal).Select(t => counted.TryGetValue(t.Key, out var last) ? new SnapshotTable(t.Key, [.. t], "id", last) : new SnapshotTable(t.Key, [.. t])),
            new SnapshotTable(CopyTable.Keys, ["name", "xml"]),
        ];
    }

    public override IAsyncEnumerable<object?[]> ReadAsync(SnapshotTable table, CancellationToken cancel) =>
        table.Name is CopyTable.Keys ? KeyFiles.ReadAsync(options.KeysDirectory, cancel) : base.ReadAsync(table, cancel);

    protected override Task BeginAsync() => Connection.ExecuteAsync("PRAGMA query_only = ON; BEGIN");
}

/// <summary>One transaction that sees one moment.</summary>
internal sealed class PostgresSnapshot(NpgsqlConnection connection) : Snapshot(connection)
{
    public override string Engine => "postgres";

    public override async Task<IReadOnlyList<SnapshotTable>> TablesAsync()
    {
        var tables = new List<SnapshotTable>();
        foreach (var table in await PostgresTables.AllAsync(connection))
        {
            var counter = table.Columns.FirstOrDefault(c => c.IsIdentity)?.Name;
            tables.Add(new SnapshotTable(table.Name, [.. table.Columns.Select(c => c.Name)], counter, counter is null ? 0 : await LastAsync(table.Name, counter)));
        }
        return tables;
    }

    protected override Task BeginAsync() => Connection.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");

    private async Task<long> LastAsync(string table, string column)
    {
        var sequence = await Connection.ExecuteScalarAsync<string>("SELECT pg_get_serial_sequence(@table, @column)", new { table = $"\"{table}\"", column });
        return await Connection.ExecuteScalarAsync<long>($"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}");
    }
}
