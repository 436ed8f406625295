using Dapper;
using Npgsql;

namespace WebChat.Storage;

/// <summary>All tables of a PostgreSQL, whatever features they are of: to be filled as a whole, and compared.</summary>
internal static class PostgresTables
{
    /// <summary>A connection for one who takes long: it is no node, and waits for locks no longer than half a minute.</summary>
    /// <param name="postgres">The setting.</param>
    /// <param name="purpose">How it is called at the server, after the program's name.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<NpgsqlConnection> ConnectAsync(string postgres, string purpose, CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(Settings(postgres, purpose));
        try
        {
            await connection.OpenAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static string Settings(string postgres, string purpose)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(postgres) { ApplicationName = $"{PostgresDatabase.NodeName} {purpose}", Pooling = false, CommandTimeout = 0, KeepAlive = 10, Options = "-c lock_timeout=30s -c idle_in_transaction_session_timeout=0" }.ToString();
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw new CopyRefusedException($"WebChat__Storage__Postgres is no connection string: {error.Message}", error);
        }
    }

    /// <summary>The target may hold nobody's rows. Keys alone are nobody's: a node that was started before there were people made them.</summary>
    /// <exception cref="CopyRefusedException">It is in use.</exception>
    public static async Task RefuseUsedAsync(NpgsqlConnection target)
    {
        if (await target.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = @node)", new { node = PostgresDatabase.NodeName }))
            throw new CopyRefusedException("A node is running on this PostgreSQL. Stop it first, and start again then.");
        var tables = await NamesAsync(target);
        if (tables.Count > 0 && !tables.Contains("migrations", StringComparer.Ordinal))
            throw new CopyRefusedException($"This PostgreSQL database has tables of something else ({tables[0]}). Nothing was changed; make a database for WebChat alone.");
        foreach (var table in tables.Where(t => t is not ("migrations" or CopyTable.Keys)))
        {
            if (await target.ExecuteScalarAsync<bool>($"SELECT EXISTS (SELECT 1 FROM \"{table}\")"))
                throw new CopyRefusedException($"This PostgreSQL is somebody's already: there are rows in {table}. Nothing was changed; name an empty database.");
        }
    }

    /// <summary>What stands in the schema, by name.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(NpgsqlConnection connection) =>
        (await connection.QueryAsync<string>("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")).AsList();

    /// <summary>All tables of the schema, each after those it refers to.</summary>
    public static async Task<List<CopyTable>> AllAsync(NpgsqlConnection connection)
    {
        var columns = await connection.QueryAsync<(string Table, string Name, string Type, bool IsIdentity)>(
            """
            SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), a.attidentity <> ''
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND c.relname <> 'migrations'
            ORDER BY c.relname, a.attnum
            """);
        var references = (await connection.QueryAsync<(string From, string To)>(
            """
            SELECT a.relname::text, b.relname::text FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid
            WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace AND a.oid <> b.oid
            """)).ToLookup(r => r.From, r => r.To, StringComparer.Ordinal);
        var waiting = columns.GroupBy(c => c.Table, StringComparer.Ordinal).ToDictionary(t => t.Key, t => new CopyTable(t.Key, [.. t.Select(c => new CopyColumn(c.Name, c.Type, c.IsIdentity))]), StringComparer.Ordinal);
        var ordered = new List<CopyTable>();
        while (waiting.Count > 0)
        {
            var ready = waiting.Values.Where(t => !references[t.Name].Any(waiting.ContainsKey)).ToList();
            if (ready.Count == 0)
                throw new CopyRefusedException($"The tables {string.Join(", ", waiting.Keys)} refer to each other in a circle: none can be copied first.");
            ordered.AddRange(ready);
            ready.ForEach(t => waiting.Remove(t.Name));
        }
        return ordered;
    }

    /// <summary>Puts rows into a table, in one statement; their values are as <see cref="CopyColumn.Convert"/> gives them.</summary>
    public static async Task FillAsync(NpgsqlConnection target, CopyTable table, IAsyncEnumerable<object?[]> rows, CancellationToken cancel)
    {
        await using var import = await target.BeginBinaryImportAsync($"COPY \"{table.Name}\" ({table.ColumnList}) FROM STDIN (FORMAT BINARY)", cancel);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            await import.StartRowAsync(cancel);
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] is { } value)
                    await import.WriteAsync(value, table.Columns[i].DbType, cancel);
                else
                    await import.WriteNullAsync(cancel);
            }
        }
        await import.CompleteAsync(cancel);
    }

    /// <summary>What stands in a table now.</summary>
    public static async Task<Checksum> SumAsync(NpgsqlConnection connection, CopyTable table, CancellationToken cancel)
    {
        var found = new Checksum();
        await using var command = new NpgsqlCommand($"SELECT {table.ColumnList} FROM \"{table.Name}\"", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var row = new object?[table.Columns.Count];
        while (await reader.ReadAsync(cancel))
        {
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.GetValue(i) is var value and not DBNull ? value : null;
            found.Add(row);
        }
        return found;
    }

    /// <summary>New rows get numbers that no row has had, not even a deleted one.</summary>
    public static Task CountOnAsync(NpgsqlConnection target, string table, string column, long last) =>
        target.ExecuteAsync(
            $"SELECT setval(pg_get_serial_sequence(@table, @column), last) FROM (SELECT greatest(@last, (SELECT max(\"{column}\") FROM \"{table}\")) AS last) AS t WHERE last > 0",
            new { table = $"\"{table}\"", column, last });
}
