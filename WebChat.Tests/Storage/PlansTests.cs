using System.Data.Common;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using WebChat.Storage;
using WebChat.Tests.Servers;
using Xunit.Abstractions;

namespace WebChat.Tests.Storage;

/// <summary>
/// No statement reads a table from end to end, but those that are to. What any test of the run has run before is looked at, on both engines; run
/// alone, these tests know what the pages do.
/// </summary>
[Collection(LastRuns.Name)]
public sealed partial class PlansTests(ITestOutputHelper output)
{
    /// <summary>What reads a table whole: a piece of the statement, and why it may.</summary>
    private static readonly (string Piece, string Reason)[] Whole =
    [
        ("FROM settings", "a row for each setting, read whole every few seconds and kept in memory"),
        ("coalesce(small_bytes, 0)), 0) AS bigint) FROM media", "the dashboard says how much all files take"),
        ("u.administrators, r.groups, r.messages", "the dashboard counts people and rooms"),
        ("FROM removals ORDER BY", "a queue that is nearly always empty; its first is wanted"),
        ("DELETE FROM sessions WHERE token_name IS NULL", "the sweep for what nobody used in a week, once a day"),
        ("FROM announcements ORDER BY id DESC LIMIT 1", "in the order of the table itself, and the last one alone"),
        ("r.rev > coalesce(s.rev, 0)", "once a minute the index of words looks for the rooms that it has not read"),
        ("DELETE FROM users WHERE id = @id AND is_bot = 1", "SQLite looks whether anything refers to a bot that is taken out, which is rare: it did nothing, or stays as a name"),
        ("DELETE FROM site_invites AS i WHERE NOT", "the few invites of a house, when one is made"),
    ];

    [Fact]
    public async Task Every_statement_finds_its_rows_by_an_index_on_SQLite()
    {
        await OpenPagesAsync();
        var data = Directory.CreateTempSubdirectory("webchat-plans-");
        var options = new StorageOptions { Data = data.FullName };
        await using (var database = new SqliteDatabase(options, NullLogger<Database>.Instance))
            await database.OpenAsync();
        await using (var connection = new SqliteConnection($"Data Source={options.DatabaseFile};Pooling=false"))
        {
            await connection.OpenAsync();
            var tables = (await connection.QueryAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table'")).ToHashSet(StringComparer.Ordinal);
            await CheckAsync(async statement =>
            {
                var scans = new List<string>();
                foreach (var text in Parts(statement.Text))
                {
                    await using var command = connection.CreateCommand();
                    command.CommandText = $"EXPLAIN QUERY PLAN {text}";
                    Give(command, statement, text);
                    await using var reader = await command.ExecuteReaderAsync();
                    while (await reader.ReadAsync())
                    {
                        var step = reader.GetString(3);
                        if (Scan().Match(step) is { Success: true } scan && tables.Contains(scan.Groups["table"].Value))
                            scans.Add(step);
                    }
                }
                return scans;
            });
        }
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_statement_finds_its_rows_by_an_index_on_PostgreSQL()
    {
        await OpenPagesAsync();
        var options = new StorageOptions { Postgres = await (await PostgresServer.SharedAsync()).NewDatabaseAsync() };
        await using var database = new PostgresDatabase(options, NullLogger<Database>.Instance);
        await database.OpenAsync();
        await using var connection = new NpgsqlConnection(options.Postgres + ";Pooling=false;Options=-c enable_seqscan=off"); // so a table is read through only where no index serves
        await connection.OpenAsync();
        await CheckAsync(async statement =>
        {
            var scans = new List<string>();
            foreach (var text in Parts(NoIds().Replace(OverheardDatabase.Pieces.Aggregate(statement.Text, (text, piece) => text.Replace(piece.Key, piece.Value(database), StringComparison.Ordinal)), "(SELECT 0::bigint WHERE 1 = 0)")))
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"EXPLAIN (FORMAT JSON) {text}";
                Give(command, statement, text);
                using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
                scans.AddRange(WholeReads(plan.RootElement[0].GetProperty("Plan")));
            }
            return scans;
        });
    }

    /// <summary>Only where all tests run before this one. What no test runs is listed: nobody has looked at its plan.</summary>
    [Fact]
    public void What_no_test_runs_is_listed()
    {
        var pieces = Literals().Where(l => Verb().IsMatch(l)).ToList();
        Assert.True(pieces.Count > 200, "too few statements found: the test would prove nothing");
        if (Environment.GetEnvironmentVariable("WEBCHAT_TESTS_ALL") is null)
            return;
        var run = string.Join('\n', OverheardDatabase.Statements.Keys);
        var missing = pieces.Where(p => !run.Contains(p, StringComparison.Ordinal)).Select(p => string.Join(' ', p.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(12))).ToList();
        output.WriteLine($"Measured: of {pieces.Count} statements, {missing.Count} were run by no test on SQLite, commands' and those of another engine among them: {string.Join(" | ", missing)}");
    }

    /// <summary>What people have open, so that this is worth something alone.</summary>
    private static async Task OpenPagesAsync()
    {
        await using var app = new App();
        var (ann, ben, direct) = await app.FriendsAsync("ann", "ben");
        using (ann)
        using (ben)
        {
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

    private static async Task CheckAsync(Func<Statement, Task<List<string>>> wholeReads)
    {
        Assert.True(OverheardDatabase.Statements.Count > 100, "too few statements were heard: the test would prove nothing");
        var found = new List<string>();
        foreach (var statement in OverheardDatabase.Statements.Values.Where(IsOurs).Where(s => !Whole.Any(w => s.Text.Contains(w.Piece, StringComparison.Ordinal))))
        {
            List<string> scans;
            try
            {
                scans = await wholeReads(statement);
            }
            catch (DbException error)
            {
                scans = [error.Message];
            }
            if (scans.Count > 0)
                found.Add($"{statement.By}: {string.Join("; ", scans)}\n{statement.Text}");
        }
        Assert.True(found.Count == 0, string.Join("\n\n", found));
    }

    /// <summary>A test's own statement may seem to come from the database itself, where the compiler left out the test's place on the stack.</summary>
    private static bool IsOurs(Statement statement) =>
        !statement.By.StartsWith("WebChat.Storage.Database+", StringComparison.Ordinal) || Literals().Any(l => Verb().IsMatch(l) && l.Length > 30 && statement.Text.StartsWith(l, StringComparison.Ordinal));

    /// <summary>The statements of a text that read or change rows.</summary>
    private static IEnumerable<string> Parts(string text) => Part().Matches(text).Select(m => m.Value.Trim()).Where(p => Verb().IsMatch(p) && !PlainInsert().IsMatch(p));

    private static void Give(DbCommand command, Statement statement, string text)
    {
        foreach (var (name, type, value) in statement.Parameters.Where(p => Regex.IsMatch(text, $@"@{p.Name.TrimStart('@')}\b", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1))))
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, type, value);
            command.Parameters.Add(parameter);
        }
    }

    private static IEnumerable<string> WholeReads(JsonElement plan)
    {
        if (plan.GetProperty("Node Type").GetString() is "Seq Scan")
            yield return plan.GetProperty("Relation Name").GetString()!;
        if (plan.TryGetProperty("Plans", out var below))
        {
            foreach (var scan in below.EnumerateArray().SelectMany(WholeReads))
                yield return scan;
        }
    }

    /// <summary>The texts that stand in the app's code; of one with something in it, the pieces around that.</summary>
    private static IEnumerable<string> Literals()
    {
        using var file = new PEReader(File.OpenRead(typeof(Program).Assembly.Location));
        var reader = file.GetMetadataReader();
        for (var at = MetadataTokens.UserStringHandle(0); ; )
        {
            yield return reader.GetUserString(at);
            at = reader.GetNextHandle(at);
            if (at.IsNil)
                yield break;
        }
    }

    [GeneratedRegex(@"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Verb();

    [GeneratedRegex("([^;']|'[^']*')+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Part();

    // As Dapper writes a list that is empty.
    [GeneratedRegex(@"\(SELECT @\w+ WHERE 1 = 0\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NoIds();

    // In the order of an index it may end early; an automatic one is made by reading all of the table.
    [GeneratedRegex(@"^(SCAN TABLE (?<table>\w+)(?!.* USING )|SEARCH TABLE (?<table>\w+).* AUTOMATIC )", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Scan();

    // Its plan tells what refers to the table, which is looked through only while something lacks what it refers to.
    [GeneratedRegex(@"^INSERT(?!.*\sSELECT\s)", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex PlainInsert();
}

/// <summary>After all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LastRuns
{
    public const string Name = "last";
}
