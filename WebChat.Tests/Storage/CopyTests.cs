using System.Globalization;
using System.Net;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using WebChat.Storage;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Storage;

/// <summary>An installation moves from its SQLite file to PostgreSQL.</summary>
public sealed class CopyTests : IAsyncLifetime
{
    private readonly string data = Directory.CreateTempSubdirectory("webchat-copy-").FullName;
    private string postgres = null!;

    public async Task InitializeAsync() => postgres = await (await PostgresServer.SharedAsync()).NewDatabaseAsync();

    public Task DisposeAsync()
    {
        Directory.Delete(data, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Everything_comes_over_and_people_stay_signed_in()
    {
        var cookies = new CookieContainer();
        long room, lastId;
        await using (var node = await Instance.StartAsync(Instance.Built, Instance.Project, ("WebChat__Data", data), ("WebChat__Shutdown__PauseSeconds", "0")))
        {
            using var ann = new Person(node.Address, "moves", cookies: cookies);
            await ann.SetUpAsync();
            room = await ann.NewGroupAsync("Movers 搬家");
            await ann.SayAsync(room, "mind the step");
            using (var running = Start(postgres))
                Assert.Equal((1, $"{data}/webchat.sqlite is in use. Stop the node first, and copy then."), await running.EndAsync());
            await node.TerminateAsync();
            Assert.Equal(0, await node.ExitedAsync());
        }
        await using (var sqlite = await OpenSqliteAsync())
        {
            await FillAsync(sqlite);
            lastId = await sqlite.ExecuteScalarAsync<long>("SELECT seq FROM sqlite_sequence WHERE name = 'users'");
        }

        using var copy = Start(postgres);
        Assert.Equal((0, ""), await copy.EndAsync());

        await AssertSameAsync(copy.Said);
        await using var moved = await Instance.StartAsync(Instance.Built, Instance.Project, ("WebChat__Storage__Postgres", postgres));
        using var there = new Person(moved.Address, "moves", cookies: cookies);
        Assert.Contains("mind the step", (await there.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(3, await there.SayAsync(room, "here we are"));
        using var nobody = new Person(moved.Address, "moves");
        Assert.NotEqual(HttpStatusCode.OK, (await nobody.Http.GetAsync($"/rooms/{room}")).StatusCode);
        using var ben = new Person(moved.Address, "comes-later");
        await ben.RegisterAsync(moved.Folder);
        Assert.Equal(lastId + 1, await ben.IdAsync()); // not the number of somebody who was deleted
    }

    [Fact]
    public async Task What_was_killed_in_the_middle_left_nothing_and_ends_right_when_started_again()
    {
        await MakeAsync(messages: 150_000);
        using (var killed = Start(postgres))
        {
            await killed.HearAsync("messages: 100,000 rows so far");
            await killed.KillAsync();
        }
        Assert.Equal(0, await TargetAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM users")));

        using var copy = Start(postgres);
        Assert.Equal((0, ""), await copy.EndAsync());

        await AssertSameAsync(copy.Said);
        Assert.Equal(150_000, await TargetAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM messages WHERE body LIKE 'number %'")));
    }

    [Fact]
    public async Task A_target_that_is_somebody_elses_stays_as_it_is()
    {
        await MakeAsync();
        await CopyAsync();
        await TargetAsync(c => c.ExecuteAsync("UPDATE users SET nickname = 'lives here now' WHERE id = 1"));

        Assert.Contains("somebody's already", (await Assert.ThrowsAsync<CopyRefusedException>(CopyAsync)).Message, StringComparison.Ordinal);

        Assert.Equal("lives here now", await TargetAsync(c => c.ExecuteScalarAsync<string>("SELECT nickname FROM users WHERE id = 1")));
    }

    [Fact]
    public async Task A_database_of_something_else_stays_without_our_tables()
    {
        await MakeAsync();
        await TargetAsync(c => c.ExecuteAsync("CREATE TABLE invoices (id BIGINT)"));

        Assert.Contains("invoices", (await Assert.ThrowsAsync<CopyRefusedException>(CopyAsync)).Message, StringComparison.Ordinal);

        Assert.Equal(["invoices"], await TargetAsync(c => c.QueryAsync<string>("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")));
    }

    [Fact]
    public async Task Where_a_node_runs_nothing_is_copied_and_its_first_keys_give_way_when_it_is_gone()
    {
        await MakeAsync();
        await using (var node = await Instance.StartAsync(Instance.Built, Instance.Project, ("WebChat__Storage__Postgres", postgres)))
        {
            using var early = new Person(node.Address, "too-early");
            await early.GetPageAsync("/setup");
            Assert.Contains("A node is running", (await Assert.ThrowsAsync<CopyRefusedException>(CopyAsync)).Message, StringComparison.Ordinal);
        }
        Assert.Equal(1, await TargetAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM data_protection_keys")));

        await CopyAsync();

        Assert.Equal(["key-of-the-house"], await TargetAsync(c => c.QueryAsync<string>("SELECT name FROM data_protection_keys")));
    }

    [Theory]
    [InlineData("CREATE TABLE later (id INTEGER PRIMARY KEY)", "later.id")]
    [InlineData("ALTER TABLE rooms ADD COLUMN colour TEXT", "rooms.colour")]
    public async Task What_only_one_schema_has_is_not_lost_silently(string change, string named)
    {
        await MakeAsync();
        await using (var sqlite = await OpenSqliteAsync())
            await sqlite.ExecuteAsync(change);

        Assert.Contains(named, (await Assert.ThrowsAsync<CopyRefusedException>(CopyAsync)).Message, StringComparison.Ordinal);

        Assert.Equal(0, await TargetAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM users")));
    }

    [Theory]
    [InlineData("UPDATE messages SET body = 'a' || char(0) WHERE seq = 1", "messages")]
    [InlineData("UPDATE rooms SET seq = 'many'", "rooms.seq, row 1")]
    [InlineData("UPDATE users SET failed = 5000000000 WHERE id = 1", "users.failed, row 1")]
    [InlineData("UPDATE migrations SET number = 900 WHERE number = 1", "another version")]
    public async Task A_value_that_PostgreSQL_cannot_hold_is_named_and_nothing_is_there(string change, string named)
    {
        await MakeAsync(messages: 3);
        await using (var sqlite = await OpenSqliteAsync())
            await sqlite.ExecuteAsync(change);

        Assert.Contains(named, (await Assert.ThrowsAsync<CopyRefusedException>(CopyAsync)).Message, StringComparison.Ordinal);

        Assert.Equal(0, await TargetAsync(async c => await c.ExecuteScalarAsync<string>("SELECT to_regclass('users')::text") is null ? 0 : await c.ExecuteScalarAsync<long>("SELECT count(*) FROM users")));
    }

    [Fact]
    public async Task It_says_what_it_needs()
    {
        Assert.Contains("no " + data, (await Assert.ThrowsAsync<CopyRefusedException>(CopyAsync)).Message, StringComparison.Ordinal);
        await MakeAsync();
        using (var copy = Start(""))
            Assert.Equal((1, "WebChat__Storage__Postgres is not set: it says which PostgreSQL to copy to."), await copy.EndAsync());
        using (var copy = Start("nonsense"))
            Assert.Contains("is no connection string", (await copy.EndAsync()).Errors, StringComparison.Ordinal);
        using (var copy = Start("Host=127.0.0.1;Port=1;Username=nobody"))
            Assert.Contains("cannot be reached", (await copy.EndAsync()).Errors, StringComparison.Ordinal);
        using var backwards = Start(postgres, "postgres", "sqlite");
        Assert.NotEqual(0, (await backwards.EndAsync()).Code);
    }

    private Errand Start(string target, string from = "sqlite", string to = "postgres") =>
        Errand.Start(["copy", "--from", from, "--to", to], ("WebChat__Data", data), ("WebChat__Storage__Postgres", target));

    private Task CopyAsync() => new Copy(new StorageOptions { Data = data, Postgres = postgres }, TextWriter.Null).RunAsync(CancellationToken.None);

    /// <summary>An installation with a few rows in every table, made past the program.</summary>
    private async Task MakeAsync(int messages = 0)
    {
        await using (var database = new SqliteDatabase(new StorageOptions { Data = data }, NullLogger<Database>.Instance))
            await database.OpenAsync();
        Directory.CreateDirectory(Path.Combine(data, "keys"));
        await File.WriteAllTextAsync(Path.Combine(data, "keys", "key-of-the-house.xml"), "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<key id=\"1\">\n  <!-- kept -->\n  <value>secret</value>\n</key>");
        await using var sqlite = await OpenSqliteAsync();
        await FillAsync(sqlite);
        await sqlite.ExecuteAsync(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @messages)
            INSERT INTO messages (room, seq, rev, author_id, kind, body, client_id, follows, created_at)
            SELECT (SELECT max(number) FROM rooms), i + 1000, i + 1000, (SELECT max(id) FROM users), 0, 'number ' || i, 'number-' || i, 0, i FROM n WHERE @messages > 0
            """, new { messages });
    }

    /// <summary>Rows in every table, with what is hard to copy: nothing, nulls, words of all scripts, bytes, the largest number.</summary>
    internal static async Task FillAsync(SqliteConnection sqlite)
    {
        for (var i = 1; i <= 3; i++)
        {
            await sqlite.ExecuteAsync(
                """
                INSERT INTO users (account, account_key, email, email_key, password_hash, stamp, nickname, signature, picture, language, locked_until, seen_at, created_at, updated_at)
                VALUES (@key, @key, @key, @key, '', '', '👩‍🚀 ' || @key, '', NULL, NULL, 9223372036854775807, 1, 1, 1)
                """, new { key = $"FILL{i}" });
        }
        await sqlite.ExecuteAsync("DELETE FROM users WHERE account = 'FILL3'");
        var (one, other) = await sqlite.QuerySingleAsync<(long, long)>("SELECT (SELECT id FROM users WHERE account = 'FILL1'), (SELECT id FROM users WHERE account = 'FILL2')");
        var bytes = Enumerable.Range(0, 70_000).Select(i => (byte)i).ToArray();
        await sqlite.ExecuteAsync(
            """
            INSERT INTO sessions (id, user_id, agent, created_at, seen_at) VALUES ('fill', @one, 'a "browser", and	more \N', 1, 2);
            INSERT INTO sessions (id, user_id, agent, created_at, seen_at, token_name) VALUES ('token', @one, '', 1, 0, '备份');
            INSERT INTO push_subscriptions (endpoint, user_id, session_id, p256dh, auth, language, site, created_at) VALUES ('https://push.example/fill', @one, 'fill', @bytes, x'', 'zh-Hans', '', 1);
            INSERT INTO pictures (id, owner_id, type, bytes, created_at) VALUES ('fill', @one, 'image/png', @bytes, 1), ('empty', @one, 'image/png', x'', 1);
            INSERT INTO contacts (owner_id, other_id, is_friend, blocked_at, remark, created_at) VALUES (@one, @other, 1, NULL, '', 1), (@other, @one, 1, 5, '朋友', 1);
            INSERT INTO friend_requests (from_id, to_id, message, created_at) VALUES (@one, @other, 'hello', 1);
            INSERT INTO rooms (number, kind, name, owner_id, last_at, created_at) VALUES (999999999, 2, 'Filled', @one, 1, 1);
            INSERT INTO members (room, user_id, joined_at) VALUES (999999999, @one, 1), (999999999, @other, 1);
            INSERT INTO messages (room, seq, rev, author_id, kind, body, client_id, follows, created_at) VALUES (999999999, 1, 1, @one, 0, 'line' || char(10) || 'line', NULL, 0, 1);
            INSERT INTO edits (room, seq, rev, body, until_at) VALUES (999999999, 1, 1, 'before', 1);
            INSERT INTO media (id, owner_id, room, seq, kind, name, type, bytes, hash, created_at) VALUES ('fill', @one, 999999999, 1, 0, '文件.txt', 'application/octet-stream', 5000000000, '', 1);
            INSERT INTO sticker_packs (id, name, added_by, created_at, removed_at) VALUES ('fill', '茶', @one, 1, NULL);
            INSERT INTO stickers (id, pack_id, place, word, type, width, height, bytes) VALUES ('fill', 'fill', 0, 'tea', 'image/png', 1, 1, @bytes);
            INSERT INTO points (user_id, balance) VALUES (@one, 5000000000);
            INSERT INTO lucky (room, seq, sender_id, total, shares, left_points, kind, expires_at) VALUES (999999999, 1, @one, 20, 3, 13, 1, 1);
            INSERT INTO lucky_claims (room, seq, user_id, points, claimed_at) VALUES (999999999, 1, @other, 7, 1);
            INSERT INTO bots (user_id, room, made_by, token_id, secret, webhook, failed_at, failure, created_at) VALUES (@other, 999999999, @one, 'fill', 'protected', 'https://a.example/?q=茶', 5, 'status 500', 1);
            INSERT INTO two_step (user_id, secret, last_step, created_at) VALUES (@one, 'protected', 59, 1);
            INSERT INTO recovery_codes (user_id, hash) VALUES (@one, 'fill');
            INSERT INTO passkeys (id, user_id, name, public_key, sign_count, transports, is_verified, is_portable, is_copied, attestation, client_data, created_at) VALUES ('fill', @one, '手机', @bytes, 4294967295, '', 1, 0, 0, @bytes, x'', 1);
            INSERT INTO reserved_accounts (account_key) VALUES ('GONE');
            INSERT INTO removals (user_id, client_id, created_at) VALUES (@one, 'fill', 1);
            INSERT INTO audit (at, actor_id, act, user_id, room, detail) VALUES (1, @one, 'user.disable', @other, NULL, ''), (1, @one, 'room.read', NULL, 999999999, '有人举报');
            INSERT INTO cases (id, user_id, room, seq, created_at, closed_at, closed_by, outcome, note) VALUES (7, @other, 999999999, 1, 1, NULL, NULL, 0, ''), (8, @other, NULL, NULL, 1, 2, @one, 3, '已停用');
            INSERT INTO reports (case_id, reporter_id, reason, kind, body, content, created_at) VALUES (7, @one, '广告', 0, '点这里', NULL, 1), (8, @one, 'a "person"', NULL, NULL, NULL, 1);
            INSERT INTO mutes (room, user_id, until_at) VALUES (999999999, @other, 9223372036854775807);
            INSERT INTO join_requests (room, user_id, message, created_at) VALUES (999999999, @other, '让我进来', 1);
            INSERT INTO invites (id, room, made_by, uses, used, expires_at, created_at) VALUES ('fill', 999999999, @one, NULL, 5, NULL, 1), ('fill2', 999999999, @one, 10, 3, 9, 1);
            INSERT INTO site_invites (id, made_by, remark, uses, used, expires_at, created_at) VALUES ('fill', @one, '给表弟', NULL, 5, NULL, 1), ('fill2', @one, '', 10, 3, 9, 1);
            INSERT INTO announcements (made_by, text, created_at, expires_at, withdrawn_at) VALUES (@one, '今晚维护', 1, NULL, 2), (@one, 'Tonight', 3, 9, NULL);
            INSERT INTO settings (name, value) VALUES ('fill', '');
            INSERT INTO search_words (room, stretch, word, places) VALUES (999999999, 0, '文件', 'AB'), (999999999, 0, '''"\%', 'AB');
            INSERT INTO search_stretches (room, stretch, first_at, last_at) VALUES (999999999, 0, 1, 1);
            INSERT INTO search_rooms (room, rev, seq) VALUES (999999999, 1, 1);
            """, new { one, other, bytes });
    }

    /// <summary>Every table of the schema has rows, and the same on both sides.</summary>
    private async Task AssertSameAsync(IReadOnlyList<string> said)
    {
        await using var sqlite = await OpenSqliteAsync();
        await using var target = new NpgsqlConnection(postgres);
        await target.OpenAsync();
        var tables = (await sqlite.QueryAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name <> 'migrations'")).Order(StringComparer.Ordinal).ToList();
        var there = (await target.QueryAsync<string>("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'")).ToList();
        Assert.Equal(tables.Append("data_protection_keys").Order(StringComparer.Ordinal), there.Order(StringComparer.Ordinal));
        foreach (var table in tables)
        {
            var expected = await RowsAsync(sqlite, table);
            Assert.True(expected.Count > 0, $"{table} has no rows here: give it some in {nameof(FillAsync)}, or its copy proves nothing");
            Assert.Equal(expected, await RowsAsync(target, table));
            Assert.Contains(said, s => s.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{table}: {expected.Count:N0} rows, the same on both sides"), StringComparison.Ordinal));
        }
        Assert.Equal(Directory.GetFiles(Path.Combine(data, "keys")).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            (await target.QueryAsync<string>("SELECT name FROM data_protection_keys")).Order(StringComparer.Ordinal));
    }

    internal static async Task<List<string>> RowsAsync(System.Data.Common.DbConnection connection, string table) =>
        [.. (await connection.QueryAsync($"SELECT * FROM {table}")).Cast<IDictionary<string, object?>>()
            .Select(r => string.Join(" | ", r.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={(c.Value is byte[] bytes ? Convert.ToHexString(bytes) : c.Value ?? "NULL")}")))
            .Order(StringComparer.Ordinal)];

    private async Task<SqliteConnection> OpenSqliteAsync()
    {
        var connection = new SqliteConnection($"Data Source={data}/webchat.sqlite;Pooling=False;Foreign Keys=True");
        await connection.OpenAsync();
        return connection;
    }

    private async Task<T> TargetAsync<T>(Func<NpgsqlConnection, Task<T>> ask)
    {
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync();
        return await ask(connection);
    }
}
