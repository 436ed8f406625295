using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace WebChat.Storage;

/// <summary>One file and one process. SQLite writes one transaction at a time, so all writes stand in one lane.</summary>
internal class SqliteDatabase : Database
{
    /// <summary>KiB of the file that a connection keeps in memory, at most: a list of some hundred rooms is read from a thousand pages.</summary>
    private const int Cache = 16 * 1024;

    private readonly StorageOptions options;
    private readonly string connectionString;
    private readonly ConcurrentStack<KeptConnection> idle = new();

    public SqliteDatabase(StorageOptions options, ILogger<Database> logger) : base(logger)
    {
        this.options = options;
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = options.DatabaseFile,
            ForeignKeys = true,
            Pooling = false, // they are kept here
            DefaultTimeout = 5, // seconds a statement waits for another process's lock
        }.ToString();
        Lane = new WriteLane(new WriteLaneOptions { ConnectAsync = ConnectAsync, Begin = "BEGIN IMMEDIATE", IsPassing = IsPassing, IsRemote = false }, logger);
    }

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    public override string ForUpdate(string table) => "";

    public override string Size => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";

    protected override int ReadTries => 1;

    protected override WriteLane Lane { get; }

    /// <summary>Makes the data directory and the file, brings the schema up to date, and starts the lane.</summary>
    public override async Task OpenAsync()
    {
        Directory.CreateDirectory(options.Data);
        var connection = await ConnectAsync();
        await connection.ExecuteAsync("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;");
        await Migrations.RunAsync(connection, "sqlite", "BEGIN IMMEDIATE");
        // What a statement or a savepoint may have to undo is otherwise written to a file of its own, made and deleted for each group of posts.
        await connection.ExecuteAsync("PRAGMA temp_store = MEMORY");
        Lane.Start(connection);
    }

    public override string In(string column, string parameter) => $"{column} IN {parameter}"; // Dapper writes the list out

    public override string Begins(string column, string parameter) => $"({column} >= {parameter} AND {column} < ({parameter} || char(1114111)))";

    public override string Table(string parameter, params (string Name, string Type)[] columns) =>
        $"(SELECT {string.Join(", ", columns.Select(c => $"json_extract(value, '$.{c.Name}') AS {c.Name}"))} FROM json_each({parameter})) AS t";

    public override async ValueTask DisposeAsync()
    {
        await Lane.DisposeAsync();
        LetGo();
    }

    /// <summary>Closes the connections that wait to be used again: whoever comes next opens the file anew.</summary>
    public void LetGo()
    {
        while (idle.TryPop(out var connection))
            connection.Close();
    }

    protected override WriteLane GroupLane() => Lane;

    protected override async Task<DbConnection> ConnectAsync()
    {
        if (idle.TryPop(out var kept))
            return kept;
        var connection = new KeptConnection(connectionString, idle);
        await connection.OpenAsync();
        await connection.ExecuteAsync($"PRAGMA cache_size = -{Cache}");
        return connection;
    }

    /// <summary>Busy, locked, out of memory, I/O error, full, cannot be opened: https://www.sqlite.org/rescode.html.</summary>
    protected internal override bool IsPassing(Exception error) => error is SqliteException { SqliteErrorCode: 5 or 6 or 7 or 10 or 13 or 14 };
}
