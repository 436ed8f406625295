using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace WebChat.Load;

/// <summary>Reads the same pages of a small and of a large room in turns, so that whatever slows the machine slows both.</summary>
internal sealed class History
{
    private const string Account = "load-000";

    public required Uri Server { get; init; }
    public required DirectoryInfo Data { get; init; }
    public required int Few { get; init; }
    public required int Many { get; init; }
    public required int Rounds { get; init; }

    public async Task<int> RunAsync(FileInfo? json, CancellationToken cancel)
    {
        using var visitor = await Visitor.ComeAsync(Server, Data, Account);
        var (small, large) = await SeedAsync(cancel);
        var report = new Report();
        await CompareAsync(visitor, report, "newest page", $"/rooms/{small}", $"/rooms/{large}", cancel);
        await CompareAsync(visitor, report, "page in the middle", $"/rooms/{small}?before={Few * 3 / 4}", $"/rooms/{large}?before={Many / 2}", cancel);
        await CompareAsync(visitor, report, "page around a message", $"/rooms/{small}?around={Few / 2}", $"/rooms/{large}?around={Many / 2}", cancel);
        await report.PrintAsync(json);
        return 0;
    }

    private async Task CompareAsync(Visitor visitor, Report report, string what, string small, string large, CancellationToken cancel)
    {
        for (var i = 0; i < 20; i++)
            await TimeAsync(visitor, i % 2 == 0 ? small : large, cancel);
        var (few, many) = (new List<double>(), new List<double>());
        for (var i = 0; i < Rounds; i++)
        {
            few.Add(await TimeAsync(visitor, small, cancel));
            many.Add(await TimeAsync(visitor, large, cancel));
        }
        report.AddTimes($"{what} of {Few.ToString("N0", CultureInfo.InvariantCulture)}", few);
        report.AddTimes($"{what} of {Many.ToString("N0", CultureInfo.InvariantCulture)}", many);
        report.Add($"{what}: ratio of medians", Median(many) / Median(few), "");
    }

    private static async Task<double> TimeAsync(Visitor visitor, string address, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        var page = await visitor.Http.GetStringAsync(address, cancel);
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (!page.Contains("data-seq=", StringComparison.Ordinal))
            throw new LoadException($"{address} shows no messages.");
        return took;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    /// <summary>Writes both rooms, unless an earlier run has. The account is their only member.</summary>
    private async Task<(long Small, long Large)> SeedAsync(CancellationToken cancel)
    {
        SQLitePCL.Batteries_V2.Init();
        var file = Path.Combine(Data.FullName, "webchat.sqlite");
        if (!File.Exists(file))
            throw new LoadException($"There is no {file}. Is --data the server's data directory?");
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true }.ToString());
        await connection.OpenAsync(cancel);
        return (await RoomAsync(connection, Few, cancel), await RoomAsync(connection, Many, cancel));
    }

    private static async Task<long> RoomAsync(SqliteConnection connection, int messages, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.Parameters.AddWithValue("@name", $"History of {messages.ToString(CultureInfo.InvariantCulture)}");
        command.Parameters.AddWithValue("@account", Account.ToUpperInvariant());
        command.Parameters.AddWithValue("@messages", messages);
        command.Parameters.AddWithValue("@now", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        command.CommandText = "SELECT number FROM rooms WHERE kind = 2 AND name = @name AND seq = @messages";
        if (await command.ExecuteScalarAsync(cancel) is long there)
            return there;

        command.CommandText =
            """
            BEGIN IMMEDIATE;
            INSERT INTO rooms (number, kind, name, name_key, owner_id, seq, rev, last_at, created_at)
            SELECT 100000000 + abs(random()) % 900000000, 2, @name, lower(@name), id, @messages, @messages, @now, @now FROM users WHERE account_key = @account;
            INSERT INTO members (room, user_id, role, read_seq, joined_at)
            SELECT number, owner_id, 2, @messages, @now FROM rooms WHERE name = @name AND seq = @messages;
            WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < @messages)
            INSERT INTO messages (room, seq, rev, author_id, kind, body, follows, created_at)
            SELECT r.number, n, n, r.owner_id, 0, 'Message ' || n || ' of a long conversation, about as long as people write.', n % 4 > 0, @now - (@messages - n) * 20000
            FROM counter JOIN rooms r ON r.name = @name AND r.seq = @messages;
            COMMIT;
            SELECT number FROM rooms WHERE name = @name AND seq = @messages;
            """;
        return await command.ExecuteScalarAsync(cancel) is long made ? made : throw new LoadException("The rooms could not be written.");
    }
}
