using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using WebChat.Storage;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Storage;

public sealed class PostgresDatabaseTests
{
    [Fact]
    public async Task No_query_waits_to_be_compiled_and_what_the_connection_string_asks_for_goes_on()
    {
        var options = new StorageOptions { Postgres = $"{await (await PostgresServer.SharedAsync()).NewDatabaseAsync()};Options=-c work_mem=5MB -c lock_timeout=7s" };
        await using var database = new PostgresDatabase(options, NullLogger<Database>.Instance);

        Assert.Equal("off", await database.ReadAsync(c => c.ExecuteScalarAsync<string>("SHOW jit")));
        Assert.Equal("15s", await database.ReadAsync(c => c.ExecuteScalarAsync<string>("SHOW idle_in_transaction_session_timeout")));
        Assert.Equal("5MB", await database.ReadAsync(c => c.ExecuteScalarAsync<string>("SHOW work_mem")));
        Assert.Equal("7s", await database.ReadAsync(c => c.ExecuteScalarAsync<string>("SHOW lock_timeout")));
    }
}
