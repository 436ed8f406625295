using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using WebChat.Media;
using WebChat.Storage;

namespace WebChat.Backups;

/// <summary>
/// The command <c>backup</c>: rows, keys and files of messages in one file, while nodes go on. The rows are of one moment. A file of a message
/// is there before its row, so the files that are there are taken first, then the rows, and then the files that came
/// in between: no row misses its file. What became of a file later does no harm, for the sweep lets nothing go that is young.
/// </summary>
internal sealed class Backup(StorageOptions options, IMediaFiles media, TimeProvider clock, TextWriter output)
{
    private const string Unfinished = ".part";

    private const int FlushBytes = 64 * 1024;

    /// <param name="file">Where to. It is there when all of it is, and nobody else can read it.</param>
    /// <param name="cancel">Gives up, and leaves nothing.</param>
    /// <exception cref="BackupRefusedException">There is no backup.</exception>
    public async Task RunAsync(string file, CancellationToken cancel)
    {
        if (File.Exists(file))
            throw new BackupRefusedException($"There is already {file}. Name another file: a backup never takes the place of one that may be needed.");
        var part = file + Unfinished;
        var isOurs = false;
        try
        {
            await using (var stream = Create(part))
            {
                isOurs = true;
                await WriteAsync(stream, cancel);
                stream.Flush(flushToDisk: true);
            }
            File.Move(part, file);
            isOurs = false;
            await SayAsync($"{file}: {new FileInfo(file).Length:N0} bytes. Keep it as you keep passwords: whoever has it can read everything in this house.");
        }
        catch (Exception error) when (Words(error, file) is { } words)
        {
            throw new BackupRefusedException(words, error);
        }
        finally
        {
            if (isOurs)
                File.Delete(part);
        }
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancel)
    {
        await media.StartAsync(cancel);
        await using var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancel);
        using var sum = new MediaSum();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var strange = 0;
        await foreach (var (name, _) in media.ListAsync(cancel))
        {
            if (!BackupFile.IsName(name))
                strange++;
            else if (!DirectoryFiles.IsUnfinished(name) && await AddFileAsync(zip, sum, name, cancel))
                taken.Add(name);
        }
        List<string> late;
        List<TableManifest> tables = [];
        int schema;
        string engine;
        await using (var snapshot = await Snapshot.TakeAsync(options, cancel))
        {
            (schema, engine) = (snapshot.Schema, snapshot.Engine);
            if (schema == 0)
                throw new BackupRefusedException("Nothing of WebChat is in this database: there is nothing to back up.");
            foreach (var table in await snapshot.TablesAsync())
                tables.Add(await AddTableAsync(zip, table, snapshot, cancel));
            late = [.. (await MediaStore.StoredNamesAsync(snapshot.Connection)).Where(name => !taken.Contains(name))];
        }
        var missing = 0;
        foreach (var name in late)
            missing += await AddFileAsync(zip, sum, name, cancel) ? 0 : 1;
        var files = sum.End();
        await AddManifestAsync(zip, new Manifest { Format = Manifest.CurrentFormat, Schema = schema, Engine = engine, TakenAt = clock.GetUtcNow(), Tables = tables, Media = files }, cancel);
        await SayAsync($"{tables.Sum(t => t.Rows):N0} rows of {tables.Count:N0} tables, {files.Files:N0} files of {files.Bytes:N0} bytes");
        if (strange > 0)
            await SayAsync($"{strange:N0} files beside them are none of WebChat's, and were left out.");
        if (missing > 0)
            await SayAsync($"{missing:N0} files that messages name are not where files are kept, and so not in the backup either.");
    }

    /// <returns>False when it is gone, or never was there.</returns>
    private async Task<bool> AddFileAsync(ZipArchive zip, MediaSum sum, string name, CancellationToken cancel)
    {
        await using var content = await media.OpenAsync(name, cancel);
        if (content is null)
            return false;
        await using var entry = await zip.CreateEntry(Manifest.MediaFolder + name, CompressionLevel.NoCompression).OpenAsync(cancel); // pictures do not get smaller
        await sum.PassAsync(name, content, entry, cancel);
        return true;
    }

    private static async Task<TableManifest> AddTableAsync(ZipArchive zip, SnapshotTable table, Snapshot snapshot, CancellationToken cancel)
    {
        var sum = new Checksum();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var lines = new ArrayBufferWriter<byte>(2 * FlushBytes);
        await using var json = new Utf8JsonWriter(lines, RowLine.Writing);
        await using var entry = await zip.CreateEntry(Manifest.EntryOf(table.Name), CompressionLevel.Fastest).OpenAsync(cancel);
        await foreach (var row in snapshot.ReadAsync(table, cancel))
        {
            sum.Add(row);
            RowLine.Write(json, row);
            await json.FlushAsync(cancel);
            json.Reset();
            lines.Write("\n"u8);
            if (lines.WrittenCount >= FlushBytes)
                await FlushAsync();
        }
        await FlushAsync();
        return new TableManifest(table.Name, table.Columns, table.Counter, table.Last, sum.Rows, sum.ToString(), Convert.ToHexStringLower(hash.GetHashAndReset()));

        async Task FlushAsync()
        {
            hash.AppendData(lines.WrittenSpan);
            await entry.WriteAsync(lines.WrittenMemory, cancel);
            lines.ResetWrittenCount();
        }
    }

    private static async Task AddManifestAsync(ZipArchive zip, Manifest manifest, CancellationToken cancel)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, Manifest.Json);
        zip.Comment = Manifest.Mark + Convert.ToHexStringLower(SHA256.HashData(bytes));
        await using var entry = await zip.CreateEntry(Manifest.Name, CompressionLevel.Fastest).OpenAsync(cancel);
        await entry.WriteAsync(bytes, cancel);
    }

    /// <summary>One that was left by a backup that was killed gives way; one that is being written does not.</summary>
    private static FileStream Create(string file)
    {
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(file, how);
    }

    private static string? Words(Exception error, string file) => error switch
    {
        CopyRefusedException or InvalidOperationException { InnerException: StorageUnavailableException } => error.Message,
        StorageUnavailableException => $"The files of messages cannot be read: {error.InnerException?.Message ?? error.Message} There is no backup.",
        NpgsqlException => $"PostgreSQL cannot be read: {error.Message} There is no backup.",
        SqliteException => $"The database cannot be read: {error.Message} There is no backup.",
        IOException or UnauthorizedAccessException => $"{file} cannot be written: {error.Message} There is no backup.",
        OperationCanceledException => "Broken off. There is no backup.",
        _ => null,
    };

    private Task SayAsync(FormattableString line) => output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
}
