using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace WebChat.Storage;

/// <summary>
/// An empty house that is filled as a whole: one transaction from the first table to the last migration, while no node can start. Broken
/// off wherever it may be, nobody lives there, and it can be begun again.
/// </summary>
internal abstract class Filling : IAsyncDisposable
{
    /// <summary>Looks that nobody's rows are there, and makes the tables as they were at a number.</summary>
    /// <exception cref="CopyRefusedException">It is somebody's. Nothing was changed.</exception>
    public static async Task<Filling> BeginAsync(StorageOptions options, int schema, CancellationToken cancel)
    {
        Filling filling = options.Postgres is null ? await SqliteFilling.OpenAsync(options) : new PostgresFilling(await PostgresTables.ConnectAsync(options.Postgres, "restore", cancel));
        try
        {
            await filling.StartAsync(schema);
            return filling;
        }
        catch
        {
            await filling.DisposeAsync();
            throw;
        }
    }

    /// <summary>The tables to be filled, each after those it refers to.</summary>
    public abstract Task<IReadOnlyList<SnapshotTable>> TablesAsync();

    /// <summary>Puts rows into a table, and looks what stands there then.</summary>
    /// <param name="table">With its columns in the order of the values.</param>
    /// <param name="rows">As <see cref="Snapshot.ReadAsync"/> gives them.</param>
    /// <param name="cancel">Gives up.</param>
    public abstract Task<Checksum> FillAsync(SnapshotTable table, IAsyncEnumerable<object?[]> rows, CancellationToken cancel);

    /// <summary>Brings the schema up to date and makes all of it last.</summary>
    public abstract Task CommitAsync();

    public abstract ValueTask DisposeAsync();

    protected abstract Task StartAsync(int schema);
}

internal sealed class SqliteFilling : Filling
{
    private const int SqliteBusy = 5;

    private readonly StorageOptions options;
    private readonly SqliteConnection connection;
    private readonly bool isNew;
    private bool isDone;

    private SqliteFilling(StorageOptions options, SqliteConnection connection, bool isNew) => (this.options, this.connection, this.isNew) = (options, connection, isNew);

    public static async Task<SqliteFilling> OpenAsync(StorageOptions options)
    {
        SQLitePCL.Batteries_V2.Init();
        var isMade = !File.Exists(options.DatabaseFile);
        var opened = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = options.DatabaseFile, Pooling = false, DefaultTimeout = 2 }.ToString());
        await opened.OpenAsync(CancellationToken.None);
        return new SqliteFilling(options, opened, isMade);
    }

    public override async Task<IReadOnlyList<SnapshotTable>> TablesAsync()
    {
        var columns = await connection.QueryAsync<(string Table, string Column)>(
            """
            SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT GLOB 'sqlite_*' AND t.name <> 'migrations' ORDER BY t.name, c.cid
            """);
        return [.. columns.GroupBy(c => c.Table, c => c.Column, StringComparer.Ordinal).Select(t => new SnapshotTable(t.Key, [.. t])), new SnapshotTable(CopyTable.Keys, ["name", "xml"])];
    }

    public override async Task<Checksum> FillAsync(SnapshotTable table, IAsyncEnumerable<object?[]> rows, CancellationToken cancel)
    {
        if (table.Name is CopyTable.Keys)
            return await FillKeysAsync(rows);
        await using (var insert = connection.CreateCommand())
        {
#pragma warning disable CA2100 // names of the schema itself
            insert.CommandText = $"INSERT INTO \"{table.Name}\" ({table.ColumnList}) VALUES ({string.Join(", ", table.Columns.Select((_, i) => $"@{i}"))})";
#pragma warning restore CA2100
            var values = table.Columns.Select((_, i) => insert.Parameters.Add(new SqliteParameter { ParameterName = $"@{i}" })).ToList();
            await foreach (var row in rows.WithCancellation(cancel))
            {
                for (var i = 0; i < row.Length; i++)
                    values[i].Value = row[i] ?? DBNull.Value;
                await insert.ExecuteNonQueryAsync(cancel);
            }
        }
        if (table.Counter is not null)
            await connection.ExecuteAsync("DELETE FROM sqlite_sequence WHERE name = @Name; INSERT INTO sqlite_sequence (name, seq) VALUES (@Name, @Last)", new { table.Name, table.Last });
        return await SumAsync(table, cancel);
    }

    public override async Task CommitAsync()
    {
        if (await connection.QueryFirstOrDefaultAsync<string>("SELECT \"table\" FROM pragma_foreign_key_check") is { } table)
            throw new CopyRefusedException($"Rows of {table} refer to others that are not there.");
        await Migrations.ApplyAsync(connection, "sqlite");
        await connection.ExecuteAsync("ANALYZE;");
        await connection.ExecuteAsync("COMMIT");
        isDone = true;
    }

    public override async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        if (isNew && !isDone)
            File.Delete(options.DatabaseFile);
    }

    protected override async Task StartAsync(int schema)
    {
        try
        {
            // Even an idle node holds its file open: the exclusive lock is had when nobody does. References are looked at in the end.
            await connection.ExecuteAsync("PRAGMA foreign_keys = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL");
            await connection.ExecuteAsync("BEGIN EXCLUSIVE");
            var tables = (await connection.QueryAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")).AsList();
            foreach (var table in tables.Where(t => t is not "migrations"))
            {
                if (await connection.ExecuteScalarAsync<bool>($"SELECT EXISTS (SELECT 1 FROM \"{table}\")"))
                    throw new CopyRefusedException($"{options.DatabaseFile} is somebody's already: there are rows in {table}. Nothing was changed; name another WebChat__Data.");
            }
            foreach (var table in tables)
                await connection.ExecuteAsync($"DROP TABLE \"{table}\"");
            await Migrations.ApplyAsync(connection, "sqlite", schema);
        }
        catch (SqliteException error) when (error.SqliteErrorCode == SqliteBusy)
        {
            throw new CopyRefusedException($"{options.DatabaseFile} is in use. Stop the node first, and start again then.", error);
        }
    }

    /// <summary>They are files here, which no transaction holds: of a house where nobody lives, they are nobody's.</summary>
    private async Task<Checksum> FillKeysAsync(IAsyncEnumerable<object?[]> rows)
    {
        var sum = new Checksum();
        await KeyFiles.WriteAsync(options.KeysDirectory, rows.Select(row =>
        {
            sum.Add(row);
            return row;
        }));
        return sum;
    }

    private async Task<Checksum> SumAsync(SnapshotTable table, CancellationToken cancel)
    {
        var found = new Checksum();
        await using var reader = await connection.ExecuteReaderAsync($"SELECT {table.ColumnList} FROM \"{table.Name}\"");
        var row = new object?[table.Columns.Count];
        while (await reader.ReadAsync(cancel))
        {
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.GetValue(i) is var value and not DBNull ? value : null;
            found.Add(row);
        }
        return found;
    }
}

internal sealed class PostgresFilling(NpgsqlConnection connection) : Filling
{
    private Dictionary<string, CopyTable> tables = [];

    public override async Task<IReadOnlyList<SnapshotTable>> TablesAsync()
    {
        var all = await PostgresTables.AllAsync(connection);
        tables = all.ToDictionary(t => t.Name, StringComparer.Ordinal);
        return [.. all.Select(t => new SnapshotTable(t.Name, [.. t.Columns.Select(c => c.Name)], t.Columns.FirstOrDefault(c => c.IsIdentity)?.Name))];
    }

    public override async Task<Checksum> FillAsync(SnapshotTable table, IAsyncEnumerable<object?[]> rows, CancellationToken cancel)
    {
        var known = tables[table.Name];
        var target = known with { Columns = [.. table.Columns.Select(name => known.Columns.First(c => string.Equals(c.Name, name, StringComparison.Ordinal)))] };
        await PostgresTables.FillAsync(connection, target, rows.Select(row => Converted(target, row)), cancel);
        if (table.Counter is not null)
            await PostgresTables.CountOnAsync(connection, table.Name, table.Counter, table.Last);
        return await PostgresTables.SumAsync(connection, target, cancel);
    }

    public override async Task CommitAsync()
    {
        await Migrations.ApplyAsync(connection, "postgres");
        await connection.ExecuteAsync("ANALYZE;"); // its planner knows the rows from the first query on
        await connection.ExecuteAsync("COMMIT");
    }

    public override ValueTask DisposeAsync() => connection.DisposeAsync();

    protected override async Task StartAsync(int schema)
    {
        await PostgresTables.RefuseUsedAsync(connection);
        await connection.ExecuteAsync(PostgresDatabase.BeginAlone);
        await PostgresTables.RefuseUsedAsync(connection); // nobody came meanwhile, and nobody can from now on
        if (await PostgresTables.NamesAsync(connection) is { Count: > 0 } old)
            await connection.ExecuteAsync($"DROP TABLE {string.Join(", ", old.Select(t => $"\"{t}\""))} CASCADE");
        await Migrations.ApplyAsync(connection, "postgres", schema);
    }

    private static object?[] Converted(CopyTable table, object?[] row)
    {
        try
        {
            return [.. row.Select((value, i) => table.Columns[i].Convert(value ?? DBNull.Value))];
        }
        catch (Exception error) when (error is InvalidCastException or OverflowException)
        {
            throw new CopyRefusedException($"{table.Name}: {error.Message}", error);
        }
    }
}
