using System.Diagnostics;
using Npgsql;

namespace WebChat.Tests.Servers;

/// <summary>A real PostgreSQL in a temporary cluster, on a loopback port of its own.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lock Gate = new();
    private static Task<PostgresServer>? shared;

    private readonly string directory;
    private readonly int port = Ports.Free();
    private Process? process;

    private PostgresServer(string directory) => this.directory = directory;

    /// <summary>The one that tests share, each with a database of its own. It ends with the test run.</summary>
    public static Task<PostgresServer> SharedAsync()
    {
        lock (Gate)
            return shared ??= StartNewAsync();
    }

    /// <summary>A new empty database in the shared server, for the framework's hooks that cannot wait.</summary>
#pragma warning disable VSTHRD002
    public static string NewSharedDatabase() => Task.Run(async () => await (await SharedAsync()).NewDatabaseAsync()).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    /// <summary>One to be killed.</summary>
    public static async Task<PostgresServer> StartNewAsync()
    {
        var server = new PostgresServer(Directory.CreateTempSubdirectory("webchat-postgres-").FullName);
        Command.SweepAfterThisRun(server.directory);
        await Command.RunAsync("chmod", "777", server.directory); // PostgreSQL refuses to be root: another user makes the cluster in it
        await server.AsPostgresAsync("initdb", "-D", server.Cluster, "-A", "trust", "-U", "webchat", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await server.StartAsync();
        return server;
    }

    private string Cluster => Path.Combine(directory, "cluster");

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={port};Username=webchat;Database={database};Maximum Pool Size=40";

    /// <summary>A new empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public async Task StartAsync()
    {
        process = Command.Start(Command.As("postgres", Command.Find("postgres"), ["-D", Cluster, "-h", "127.0.0.1", "-p", $"{port}", "-k", directory, "-c", "max_connections=300", "-c", "shared_buffers=64MB"]));
        Command.EndWithThisRun(process, "QUIT");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            Assert.False(process.HasExited, "PostgreSQL ended by itself.");
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
                await connection.OpenAsync(limit.Token);
                return;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(20, limit.Token); // not yet: asked again until it answers, or the limit ends it
            }
        }
    }

    /// <summary>kill -9 of the server and all its backends at once, as when the machine goes.</summary>
    public async Task KillAsync()
    {
        if (process is not { HasExited: false })
            return;
        var first = int.Parse((await File.ReadAllLinesAsync(Path.Combine(Cluster, "postmaster.pid")))[0], System.Globalization.CultureInfo.InvariantCulture);
        await Command.RunAsync("sh", "-c", $"kill -KILL {first} $(pgrep -P {first})");
        await process.WaitForExitAsync();
    }

    /// <summary>Stops it as an operator in a hurry does: every connection is told so, whatever it is doing.</summary>
    public async Task StopFastAsync()
    {
        await AsPostgresAsync("pg_ctl", "stop", "-D", Cluster, "-m", "fast", "-w");
        await process!.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(directory, recursive: true);
    }

    private Task AsPostgresAsync(string program, params string[] arguments) => Command.RunAsync(Command.As("postgres", Command.Find(program), arguments));
}
