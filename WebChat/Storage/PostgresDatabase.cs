using System.Data.Common;
using System.Net.Sockets;
using Dapper;
using Npgsql;

namespace WebChat.Storage;

/// <summary>
/// PostgreSQL, shared by several nodes. A write that looks before it writes takes the writers' lock alone, so that it sees
/// the rows as if nobody else wrote; group writes share the lock with each other and lock rooms in order of their number.
/// Everybody takes the writers' lock first, so nobody waits in a circle.
/// </summary>
internal sealed class PostgresDatabase : Database
{
    /// <summary>How a node's connections are called at the server.</summary>
    public const string NodeName = "webchat";

    // Ours first: what the connection string says stands above it. Compiling a query to machine code takes longer than any of ours runs.
    private const string Session = "-c idle_in_transaction_session_timeout=15s -c lock_timeout=10s -c jit=off";

    // Above what the connection string says: a 2xx answer promises it.
    private const string Promise = "-c synchronous_commit=on";

    private const string WritersLock = "7305471"; // any number that no one else in this database uses

    /// <summary>Begins a transaction while no node writes.</summary>
    public const string BeginAlone = $"BEGIN; SELECT pg_advisory_xact_lock({WritersLock})";

    private readonly NpgsqlDataSource source;
    private readonly List<WriteLane> lanes = [];

    public PostgresDatabase(StorageOptions options, ILogger<Database> logger) : base(logger)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.Postgres) { ApplicationName = NodeName };
        settings.Options = $"{Session} {settings.Options} {Promise}";
        // Seconds: to connect, for an answer, and until silence counts as a lost connection.
        Default(settings, "Timeout", 5);
        Default(settings, "Command Timeout", 15);
        Default(settings, "Keepalive", 10);
        // Statements that each connection has the server keep, parsed and planned: those behind a page take longer to plan than to run.
        Default(settings, "Max Auto Prepare", 200);
        // Nothing that is said here outlives its transaction, so there is nothing to reset between two uses of a connection; each page uses some.
        Default(settings, "No Reset On Close", true);
        source = NpgsqlDataSource.Create(settings);
        Lane = NewLane("pg_advisory_xact_lock");
    }

    public override string ForUpdate(string table) => $"FOR NO KEY UPDATE OF {table}";

    public override string Size => "SELECT pg_database_size(current_database())";

    protected override int ReadTries => 3;

    protected override WriteLane Lane { get; }

    /// <summary>Brings the schema up to date, one node at a time, and lets writes begin.</summary>
    public override async Task OpenAsync()
    {
        await using (var connection = await ConnectAsync())
            await Migrations.RunAsync(connection, "postgres", BeginAlone);
    }

    public override Task<int> ExecuteAsync(string sql, object parameters) => OnceAsync(c => c.ExecuteAsync(sql, parameters));

    public override string In(string column, string parameter) => $"{column} = ANY({parameter})";

    // By bytes, which the database's own order is not.
    public override string Begins(string column, string parameter) => $"({column} ~>=~ {parameter} AND {column} ~<~ ({parameter} || chr(1114111)))";

    public override string Table(string parameter, params (string Name, string Type)[] columns) =>
        $"json_to_recordset({parameter}::json) AS t({string.Join(", ", columns.Select(c => $"{c.Name} {c.Type}"))})";

    public override async ValueTask DisposeAsync()
    {
        await Task.WhenAll(lanes.Select(l => l.DisposeAsync().AsTask()));
        await source.DisposeAsync();
    }

    protected override WriteLane GroupLane() => NewLane("pg_advisory_xact_lock_shared");

    protected override async Task<DbConnection> ConnectAsync() => await source.OpenConnectionAsync();

    /// <summary>
    /// No answer, nobody of that name, or a class that says it is the server's state: connection, sign-in and database, resources,
    /// intervention, serialization, lock not available. https://www.postgresql.org/docs/current/errcodes-appendix.html
    /// </summary>
    protected internal override bool IsPassing(Exception error) => error switch
    {
        PostgresException { SqlState: var state } => state[..2] is "08" or "28" or "3D" or "40" or "53" or "57" or "58" || state is "55P03" or "25P03",
        _ => error is DbException or SocketException or TimeoutException,
    };

    private WriteLane NewLane(string takeLock)
    {
        var lane = new WriteLane(new WriteLaneOptions { ConnectAsync = ConnectAsync, Begin = $"BEGIN; SELECT {takeLock}({WritersLock})", IsPassing = IsPassing, IsRemote = true }, Logger);
        lanes.Add(lane);
        lane.Start();
        return lane;
    }

    private static void Default(NpgsqlConnectionStringBuilder settings, string name, object value)
    {
        if (!settings.ShouldSerialize(name))
            settings[name] = value;
    }
}
