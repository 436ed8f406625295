using System.Globalization;
using System.Runtime.CompilerServices;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace WebChat.Storage;

/// <summary>
/// The command <c>copy</c>: brings an installation over from its SQLite file to an empty PostgreSQL, with the keys that people's
/// sign-ins hang on. All of it is one transaction, which commits when every table has the same rows on both sides: broken
/// off wherever it may be, nothing is there, and it can be started again. The tables are the schema's, so that none is forgotten.
/// </summary>
internal sealed class Copy(StorageOptions options, TextWriter output)
{
    private const int ProgressRows = 100_000;

    private const int SqliteBusy = 5;

    /// <exception cref="CopyRefusedException">Nothing was copied.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        var isCommitting = false;
        try
        {
            await using var source = await OpenSourceAsync();
            await using var target = await OpenTargetAsync(cancel);
            await PostgresTables.RefuseUsedAsync(target); // before anything of ours is put beside it
            await Migrations.RunAsync(target, "postgres", PostgresDatabase.BeginAlone);
            await target.ExecuteAsync(PostgresDatabase.BeginAlone);
            var tables = await PostgresTables.AllAsync(target);
            await CompareSchemasAsync(source, tables);
            await PostgresTables.RefuseUsedAsync(target);
            await target.ExecuteAsync($"LOCK TABLE {string.Join(", ", tables.Select(t => $"\"{t.Name}\""))} IN EXCLUSIVE MODE; DELETE FROM {CopyTable.Keys}");
            var copied = new List<(CopyTable Table, Checksum Checksum)>();
            foreach (var table in tables)
                copied.Add((table, await CopyAsync(table, source, target, cancel)));
            foreach (var (table, checksum) in copied)
                await VerifyAsync(table, checksum, target, cancel);
            await CountOnAsync(source, target, tables);
            await target.ExecuteAsync("ANALYZE;"); // its planner knows the rows from the first query on
            isCommitting = true;
            await target.ExecuteAsync("COMMIT");
            await SayAsync($"Everything is there. Start the nodes with WebChat__Storage__Postgres set; the SQLite file stays as it was, and files of messages stay where they are.");
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable)
        {
            throw new CopyRefusedException("Another copy into this PostgreSQL is under way, or was broken off a moment ago. Nothing was copied; try again in a minute.", error);
        }
        catch (PostgresException error)
        {
            throw new CopyRefusedException($"PostgreSQL refused: {string.Join(" ", error.MessageText, error.Where).Trim()}. Nothing was copied.", error);
        }
        catch (NpgsqlException error) when (isCommitting)
        {
            throw new CopyRefusedException($"PostgreSQL went away before it said whether all of it is stored: {error.Message} Start again: it is done if the database is refused as somebody's already.", error);
        }
        catch (NpgsqlException error)
        {
            throw new CopyRefusedException($"PostgreSQL cannot be reached: {error.Message} Nothing was copied; start again when it is there.", error);
        }
        catch (SqliteException error)
        {
            throw new CopyRefusedException($"{options.DatabaseFile} cannot be read: {error.Message} Nothing was copied.", error);
        }
        catch (OperationCanceledException error)
        {
            throw new CopyRefusedException("Broken off. Nothing was copied; it can be started again.", error);
        }
    }

    /// <summary>Opens the file for reading, with a lock that no node shares: what is copied stands still.</summary>
    private async Task<SqliteConnection> OpenSourceAsync()
    {
        SQLitePCL.Batteries_V2.Init();
        if (!File.Exists(options.DatabaseFile))
            throw new CopyRefusedException($"There is no {options.DatabaseFile}. WebChat__Data names the data directory of the installation.");
        var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = options.DatabaseFile, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 2 }.ToString());
        try
        {
            await source.OpenAsync(CancellationToken.None);
            // Even an idle node holds its file open: the exclusive lock is had when nobody does.
            await source.ExecuteAsync("PRAGMA query_only = ON; PRAGMA locking_mode = EXCLUSIVE");
            var last = await source.ExecuteScalarAsync<long>("SELECT max(number) FROM migrations");
            if (last != Migrations.LastOf("sqlite"))
                throw new CopyRefusedException($"{options.DatabaseFile} is of another version of WebChat (its schema is number {last}, this program's {Migrations.LastOf("sqlite")}). Start and stop this version over it once, and copy then.");
            return source;
        }
        catch (SqliteException error) when (error.SqliteErrorCode == SqliteBusy)
        {
            await source.DisposeAsync();
            throw new CopyRefusedException($"{options.DatabaseFile} is in use. Stop the node first, and copy then.", error);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    private async Task<NpgsqlConnection> OpenTargetAsync(CancellationToken cancel)
    {
        if (options.Postgres is null)
            throw new CopyRefusedException("WebChat__Storage__Postgres is not set: it says which PostgreSQL to copy to.");
        return await PostgresTables.ConnectAsync(options.Postgres, "copy", cancel);
    }

    /// <summary>What one side has and the other has not would be lost without a word.</summary>
    private static async Task CompareSchemasAsync(SqliteConnection source, IReadOnlyList<CopyTable> tables)
    {
        var columns = (await source.QueryAsync<(string Table, string Name)>(
            """
            SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT GLOB 'sqlite_*' AND t.name <> 'migrations'
            """)).Select(c => $"{c.Table}.{c.Name}").ToHashSet(StringComparer.Ordinal);
        columns.SymmetricExceptWith(tables.Where(t => !t.IsKeys).SelectMany(t => t.Columns.Select(c => $"{t.Name}.{c.Name}")));
        if (columns.Count > 0)
            throw new CopyRefusedException($"Only one of the two schemas has {string.Join(", ", columns.Order(StringComparer.Ordinal))}: these rows would be lost. Nothing was copied.");
    }

    /// <returns>What was read.</returns>
    private async Task<Checksum> CopyAsync(CopyTable table, SqliteConnection source, NpgsqlConnection target, CancellationToken cancel)
    {
        await SayAsync($"{table.Name}: copying");
        var checksum = new Checksum();
        await PostgresTables.FillAsync(target, table, CountedAsync(table.IsKeys ? KeyFiles.ReadAsync(options.KeysDirectory, cancel) : RowsAsync(table, source, cancel)), cancel);
        return checksum;

        async IAsyncEnumerable<object?[]> CountedAsync(IAsyncEnumerable<object?[]> rows)
        {
            await foreach (var row in rows)
            {
                yield return row;
                checksum.Add(row);
                if (checksum.Rows % ProgressRows == 0)
                    await SayAsync($"{table.Name}: {checksum.Rows:N0} rows so far");
            }
        }
    }

    private static async IAsyncEnumerable<object?[]> RowsAsync(CopyTable table, SqliteConnection source, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var reader = await source.ExecuteReaderAsync($"SELECT {table.ColumnList} FROM \"{table.Name}\"");
        for (var number = 1L; await reader.ReadAsync(cancel); number++)
        {
            var row = new object?[table.Columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                try
                {
                    row[i] = table.Columns[i].Convert(reader.GetValue(i));
                }
                catch (Exception error) when (error is InvalidCastException or OverflowException)
                {
                    throw new CopyRefusedException($"{table.Name}.{table.Columns[i].Name}, row {number}: {error.Message}. Nothing was copied.", error);
                }
            }
            yield return row;
        }
    }

    private async Task VerifyAsync(CopyTable table, Checksum expected, NpgsqlConnection target, CancellationToken cancel)
    {
        var found = await PostgresTables.SumAsync(target, table, cancel);
        if (found.Rows != expected.Rows || !string.Equals(found.ToString(), expected.ToString(), StringComparison.Ordinal))
            throw new CopyRefusedException($"{table.Name} is not the same on both sides: {expected.Rows:N0} rows with checksum {expected} were read, {found.Rows:N0} with {found} arrived. Nothing was copied.");
        await SayAsync($"{table.Name}: {found.Rows:N0} rows, the same on both sides ({found})");
    }

    /// <summary>New rows get numbers that no row has had, not even a deleted one.</summary>
    private static async Task CountOnAsync(SqliteConnection source, NpgsqlConnection target, IReadOnlyList<CopyTable> tables)
    {
        foreach (var (table, column) in tables.SelectMany(t => t.Columns.Where(c => c.IsIdentity).Select(c => (t.Name, c.Name))))
        {
            var last = await source.ExecuteScalarAsync<long?>("SELECT seq FROM sqlite_sequence WHERE name = @table", new { table }) ?? 0;
            await PostgresTables.CountOnAsync(target, table, column, last);
        }
    }

    private Task SayAsync(FormattableString line) => output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
}
