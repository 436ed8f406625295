using Dapper;
using Npgsql;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Storage;

/// <summary>No statement behind a page reads a table from end to end, but those that are to.</summary>
public sealed class PlansTests
{
    /// <summary>Tables that are read whole, and why.</summary>
    private static readonly Dictionary<string, string> Whole = new(StringComparer.Ordinal)
    {
        ["settings"] = "a row for each setting, read whole every few seconds and kept in memory",
        ["media"] = "the dashboard says how much all files take",
        ["rooms"] = "the dashboard counts them",
        ["removals"] = "a queue that is nearly always empty; its first is wanted",
        ["sessions"] = "the sweep for what nobody used in a week, once a day",
    };

    [Fact]
    public async Task Every_statement_behind_the_pages_finds_its_rows_by_an_index()
    {
        var database = await (await PostgresServer.SharedAsync()).NewDatabaseAsync();
        await using (var app = new App(("WebChat:Storage:Postgres", database + ";Options=-c enable_seqscan=off"))) // so a table is read through only where no index serves
        {
            var (ann, ben, direct) = await app.FriendsAsync("ann", "ben");
            using (ann)
            using (ben)
            {
                await WithAsync(database, c => c.ExecuteAsync("SELECT pg_stat_reset()")); // what migrations read does not count
                var group = await ann.NewGroupAsync("Walkers");
                await ben.SubmitAsync($"/rooms/find?q={group}", "Join");
                foreach (var room in new[] { direct, group })
                {
                    await ann.SayAsync(room, "tide at ten, @ben");
                    await ben.SayAsync(room, "then at ten");
                }
                foreach (var page in new[]
                {
                    "/rooms", $"/rooms/{group}", $"/rooms/{direct}", $"/rooms/{group}?before=3", $"/rooms/{group}?around=2", $"/rooms/{group}/members", $"/rooms/{group}/settings", $"/rooms/{group}/pinned",
                    "/rooms/list", "/rooms/unread", "/contacts", "/contacts/find?q=be", "/rooms/find?q=wa", "/people/ben", "/search?q=tide", "/search?by=ben", $"/search?q=ten&room={group}", "/online", "/me", "/me/security",
                    "/admin", "/admin/users", "/admin/users?q=be", "/admin/users/ben", "/admin/rooms", "/admin/rooms?q=wa", "/admin/reports", "/admin/audit",
                })
                    Assert.True((await ann.Http.GetAsync(page)).IsSuccessStatusCode, page);
            }
        }
        // Its connections have ended, and with them what the server counted is told.
        var (read, through) = await WithAsync(database, async c => (
            await c.ExecuteScalarAsync<long>("SELECT coalesce(sum(idx_scan), 0) FROM pg_stat_user_tables"),
            (await c.QueryAsync<string>("SELECT relname FROM pg_stat_user_tables WHERE seq_scan > 0 ORDER BY relname")).ToList()));
        Assert.True(read > 200, "the pages read less than they should");
        Assert.Empty(through.Except(Whole.Keys));
    }

    private static async Task<T> WithAsync<T>(string database, Func<NpgsqlConnection, Task<T>> use)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        return await use(connection);
    }
}
