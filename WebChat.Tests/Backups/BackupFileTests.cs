using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using WebChat.Backups;
using WebChat.Media;
using WebChat.Storage;
using WebChat.Tests.Servers;
using WebChat.Tests.Storage;

namespace WebChat.Tests.Backups;

/// <summary>The file of a backup: what is in it, and what is refused.</summary>
public sealed class BackupFileTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("webchat-backup-").FullName;

    private StorageOptions House => new() { Data = Path.Combine(folder, "house") };

    private string BackupPath => Path.Combine(folder, "house.webchat");

    public async Task InitializeAsync()
    {
        await using (var database = new SqliteDatabase(House, NullLogger<Database>.Instance))
            await database.OpenAsync();
        await using (var sqlite = await OpenAsync(House))
            await CopyTests.FillAsync(sqlite);
        await using (var again = new SqliteDatabase(House, NullLogger<Database>.Instance))
            await again.OpenAsync(); // which fills in what only code can
        Directory.CreateDirectory(House.KeysDirectory);
        await File.WriteAllTextAsync(Path.Combine(House.KeysDirectory, "key-of-the-house.xml"), "<key id=\"1\">\n  <!-- kept -->\n  <value>secret</value>\n</key>");
        await PutAsync(House, "fill", Encoding.UTF8.GetBytes("what a message carries"));
        await PutAsync(House, "halfway.part", [1, 2, 3]);
        await PutAsync(House, "fill2.small", new byte[3 * 1024 * 1024]);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Every_row_key_and_file_comes_over_to_either_engine_and_back()
    {
        await BackUpAsync(House, BackupPath);
        var postgres = House with { Data = Path.Combine(folder, "there"), Postgres = await (await PostgresServer.SharedAsync()).NewDatabaseAsync() };
        var back = new StorageOptions { Data = Path.Combine(folder, "back") };

        await RestoreAsync(postgres, BackupPath);
        await BackUpAsync(postgres, BackupPath + "2");
        await RestoreAsync(back, BackupPath + "2");

        await using var here = await OpenAsync(House);
        await using var there = await OpenAsync(back);
        await using var between = new NpgsqlConnection(postgres.Postgres);
        await between.OpenAsync();
        foreach (var table in await here.QueryAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_stat*'"))
        {
            var rows = await CopyTests.RowsAsync(here, table);
            Assert.True(rows.Count > 0, $"{table} has no rows: its backup proves nothing");
            Assert.Equal(rows, await CopyTests.RowsAsync(there, table));
            if (table is not ("migrations" or "sqlite_sequence"))
                Assert.Equal(rows, await CopyTests.RowsAsync(between, table));
        }
        Assert.Equal("<key id=\"1\"><!-- kept --><value>secret</value></key>", await File.ReadAllTextAsync(Path.Combine(back.KeysDirectory, "key-of-the-house.xml")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(back.KeysDirectory, "key-of-the-house.xml")));
        foreach (var name in new[] { "fill", "fill2.small" })
            Assert.Equal(await ReadAsync(House, name), await ReadAsync(back, name));
        Assert.Null(await Files(back).OpenAsync("halfway.part", CancellationToken.None));
    }

    [Fact]
    public async Task A_house_of_an_older_version_is_brought_up_to_date()
    {
        var old = new StorageOptions { Data = Path.Combine(folder, "old") };
        Directory.CreateDirectory(old.Data);
        await using (var sqlite = await OpenAsync(old))
        {
            await sqlite.ExecuteAsync("PRAGMA journal_mode = WAL");
            await Migrations.ApplyAsync(sqlite, "sqlite", 9);
            await sqlite.ExecuteAsync("INSERT INTO users (account, account_key, email, email_key, password_hash, stamp, nickname, nickname_key, seen_at, created_at, updated_at) VALUES ('ann', 'ANN', 'a', 'A', '', '', 'Ann', 'ann', 1, 1, 1)");
        }
        await BackUpAsync(old, BackupPath);
        var here = new StorageOptions { Data = Path.Combine(folder, "here"), Postgres = await (await PostgresServer.SharedAsync()).NewDatabaseAsync() };

        await RestoreAsync(here, BackupPath);

        await using var database = new PostgresDatabase(here, NullLogger<Database>.Instance);
        Assert.Equal(Migrations.LastOf("postgres"), await database.ReadAsync(c => c.ExecuteScalarAsync<int>("SELECT max(number) FROM migrations")));
        Assert.Equal(0, await database.ReadAsync(c => c.ExecuteScalarAsync<int>("SELECT is_bot FROM users WHERE account = 'ann'")));
    }

    [Fact]
    public async Task A_file_with_any_byte_of_it_changed_is_refused_before_anything_is_touched()
    {
        await BackUpAsync(House, BackupPath);
        var whole = await File.ReadAllBytesAsync(BackupPath);
        var places = Enumerable.Range(0, 60).Select(i => (int)(i * (long)whole.Length / 60)).Concat(Enumerable.Range(whole.Length - 140, 140));
        foreach (var place in places)
        {
            var changed = (byte[])whole.Clone();
            changed[place] ^= 0x10;
            await File.WriteAllBytesAsync(BackupPath, changed);
            if (await RefusalAsync(BackupPath) is null)
                Assert.True(IsUnread(whole, place), $"a change at {place} of {whole.Length} was taken");
        }
        foreach (var length in new[] { 0, 1, whole.Length / 2, whole.Length - 1 })
        {
            await File.WriteAllBytesAsync(BackupPath, whole[..length]);
            Assert.Contains("damaged", await RefusalAsync(BackupPath), StringComparison.Ordinal);
        }
        await File.WriteAllTextAsync(BackupPath, "no backup at all");
        Assert.Contains("damaged", await RefusalAsync(BackupPath), StringComparison.Ordinal);
        Assert.Equal($"There is no {BackupPath}.", await RefusalAsync(BackupPath, isThere: false));
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "newer WebChat")]
    [InlineData("\"schema\": ", "\"schema\": 9", "newer WebChat")]
    [InlineData("\"users\"", "\"people\"", "damaged")]
    public async Task What_a_newer_program_wrote_or_somebody_changed_is_refused(string what, string by, string why)
    {
        await BackUpAsync(House, BackupPath);
        await using (var zip = await ZipFile.OpenAsync(BackupPath, ZipArchiveMode.Update))
        {
            var entry = zip.GetEntry(Manifest.Name)!;
            string text;
            using (var reader = new StreamReader(await entry.OpenAsync()))
                text = (await reader.ReadToEndAsync()).Replace(what, by, StringComparison.Ordinal);
            entry.Delete();
            await using (var writer = new StreamWriter(await zip.CreateEntry(Manifest.Name).OpenAsync()))
                await writer.WriteAsync(text);
            zip.Comment = Manifest.Mark + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        }

        Assert.Contains(why, await RefusalAsync(BackupPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobodys_house_is_written_over()
    {
        await BackUpAsync(House, BackupPath);
        var before = await File.ReadAllBytesAsync(BackupPath);

        Assert.Contains("already", (await Assert.ThrowsAsync<BackupRefusedException>(() => BackUpAsync(House, BackupPath))).Message, StringComparison.Ordinal);
        Assert.Contains("somebody's already", (await Assert.ThrowsAsync<BackupRefusedException>(() => RestoreAsync(House, BackupPath))).Message, StringComparison.Ordinal);
        var other = new StorageOptions { Data = Path.Combine(folder, "other") };
        await PutAsync(other, "somebodyelses", [1]);
        Assert.Contains("somebody else's", (await Assert.ThrowsAsync<BackupRefusedException>(() => RestoreAsync(other, BackupPath))).Message, StringComparison.Ordinal);

        Assert.Equal(before, await File.ReadAllBytesAsync(BackupPath));
        Assert.False(File.Exists(other.DatabaseFile));
        Assert.Equal([1], await ReadAsync(other, "somebodyelses"));
    }

    [Fact]
    public async Task A_house_that_was_started_and_never_set_up_is_empty_but_not_while_its_node_runs()
    {
        await BackUpAsync(House, BackupPath);
        var started = new StorageOptions { Data = Path.Combine(folder, "started") };
        await using (var database = new SqliteDatabase(started, NullLogger<Database>.Instance))
        {
            await database.OpenAsync();
            Assert.Contains("in use", (await Assert.ThrowsAsync<BackupRefusedException>(() => RestoreAsync(started, BackupPath))).Message, StringComparison.Ordinal);
        }
        Directory.CreateDirectory(started.KeysDirectory);
        await File.WriteAllTextAsync(Path.Combine(started.KeysDirectory, "key-of-nobody.xml"), "<key />");

        await RestoreAsync(started, BackupPath);

        Assert.Equal(["key-of-the-house.xml"], Directory.GetFiles(started.KeysDirectory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_is_broken_off_leaves_nothing_and_can_be_begun_again()
    {
        using var cancel = new CancellationTokenSource();
        var broken = new BreakingFiles(Files(House), cancel);
        Assert.Contains("Broken off", (await Assert.ThrowsAsync<BackupRefusedException>(() => new Backup(House, broken, TimeProvider.System, TextWriter.Null).RunAsync(BackupPath, cancel.Token))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
        await File.WriteAllTextAsync(BackupPath + ".part", "of one that was killed");
        await BackUpAsync(House, BackupPath);
        Assert.Equal([BackupPath], Directory.GetFiles(folder));

        var here = new StorageOptions { Data = Path.Combine(folder, "here") };
        Directory.CreateDirectory(here.Data);
        using var cancelRestore = new CancellationTokenSource();
        var breaking = new BreakingFiles(Files(here), cancelRestore);
        Assert.Contains("Broken off", (await Assert.ThrowsAsync<BackupRefusedException>(() => new Restore(here, breaking, TextWriter.Null).RunAsync(BackupPath, cancelRestore.Token))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(here.DatabaseFile));
        await PutAsync(here, "fill.part", [1, 2]); // as one that was killed leaves it
        await RestoreAsync(here, BackupPath);
        Assert.Null(await Files(here).OpenAsync("fill.part", CancellationToken.None));
        Assert.Equal(3 * 1024 * 1024, (await ReadAsync(here, "fill2.small")).Length);
    }

    [Fact]
    public async Task A_file_that_is_gone_from_its_storage_keeps_nobody_from_backing_up()
    {
        await Files(House).RemoveAsync("fill", CancellationToken.None);
        using var said = new StringWriter();

        await new Backup(House, Files(House), TimeProvider.System, said).RunAsync(BackupPath, CancellationToken.None);

        Assert.Contains("1 files that messages name", said.ToString(), StringComparison.Ordinal);
    }

    private static DirectoryFiles Files(StorageOptions options) => new(options, NullLogger<DirectoryFiles>.Instance);

    private static Task BackUpAsync(StorageOptions house, string file) => new Backup(house, Files(house), TimeProvider.System, TextWriter.Null).RunAsync(file, CancellationToken.None);

    private static Task RestoreAsync(StorageOptions house, string file)
    {
        Directory.CreateDirectory(house.Data);
        return new Restore(house, Files(house), TextWriter.Null).RunAsync(file, CancellationToken.None);
    }

    /// <summary>Why it is refused, with nothing written; null when it is not.</summary>
    private async Task<string?> RefusalAsync(string file, bool isThere = true)
    {
        if (!isThere)
            File.Delete(file);
        var data = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            await RestoreAsync(new StorageOptions { Data = data }, file);
            return null;
        }
        catch (BackupRefusedException refusal)
        {
            Assert.Empty(Directory.GetFileSystemEntries(data));
            return refusal.Message;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>What a zip says twice and is read once, and when an entry was written: heads of entries before what is in them, and their times.</summary>
    private static bool IsUnread(byte[] whole, int place)
    {
        var from = Math.Max(0, place - 200);
        var near = whole.AsSpan(from, place - from + 1);
        return near.LastIndexOf("PK"u8) >= 0;
    }

    private static async Task PutAsync(StorageOptions house, string name, byte[] content)
    {
        await Files(house).StartAsync(CancellationToken.None);
        using var stream = new MemoryStream(content);
        await Files(house).PutAsync(name, stream, CancellationToken.None);
    }

    private static async Task<byte[]> ReadAsync(StorageOptions house, string name)
    {
        await using var content = await Files(house).OpenAsync(name, CancellationToken.None);
        using var bytes = new MemoryStream();
        await content!.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static async Task<SqliteConnection> OpenAsync(StorageOptions house)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={house.DatabaseFile};Pooling=False;Foreign Keys=True");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Somebody presses Ctrl+C at the second file.</summary>
    private sealed class BreakingFiles(IMediaFiles files, CancellationTokenSource cancel) : IMediaFiles
    {
        private int opened;

        public Task StartAsync(CancellationToken token) => files.StartAsync(token);

        public Task PutAsync(string name, Stream content, CancellationToken token) => files.PutAsync(name, content, token);

        public async Task<Stream?> OpenAsync(string name, CancellationToken token)
        {
            if (++opened == 2)
                await cancel.CancelAsync();
            token.ThrowIfCancellationRequested();
            return await files.OpenAsync(name, token);
        }

        public Task RemoveAsync(string name, CancellationToken token) => files.RemoveAsync(name, token);

        public IAsyncEnumerable<(string Name, DateTimeOffset Stored)> ListAsync(CancellationToken token) => files.ListAsync(token);
    }
}
