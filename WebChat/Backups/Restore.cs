using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using WebChat.Media;
using WebChat.Storage;

namespace WebChat.Backups;

/// <summary>
/// The command <c>restore</c>: fills an empty house from a backup, whatever engine and whatever kind of storage each of them has. Files of messages
/// come first and rows last, in one transaction: broken off wherever it may be, nobody lives there, and it can be started again.
/// </summary>
internal sealed class Restore(StorageOptions options, IMediaFiles media, TextWriter output)
{
    /// <summary>Larger files of messages go by way of the disk: object storage wants to know all of a file before it takes it.</summary>
    private const int MostInMemory = 1024 * 1024;

    /// <exception cref="BackupRefusedException">Nobody lives here; nothing that counts was changed.</exception>
    public async Task RunAsync(string file, CancellationToken cancel)
    {
        try
        {
            await using var backup = await BackupFile.OpenAsync(file, cancel);
            await SayAsync($"{file} is whole: {backup.Manifest.Tables.Sum(t => t.Rows):N0} rows and {backup.Manifest.Media.Files:N0} files of {backup.Manifest.TakenAt:u}");
            await using var house = await Filling.BeginAsync(options, backup.Manifest.Schema, cancel);
            var tables = Match(backup.Manifest, await house.TablesAsync());
            await RefuseForeignFilesAsync(backup, cancel);
            await PutFilesAsync(backup, cancel);
            foreach (var (table, written) in tables)
                await FillAsync(backup, house, table, written, cancel);
            await house.CommitAsync();
            await SayAsync($"Everything is there, as it was at {backup.Manifest.TakenAt:u}. Start the node.");
        }
        catch (Exception error) when (Words(error) is { } words)
        {
            throw new BackupRefusedException(words, error);
        }
    }

    /// <summary>What one side has and the other has not would be lost without a word.</summary>
    private static List<(SnapshotTable Table, TableManifest Written)> Match(Manifest manifest, IReadOnlyList<SnapshotTable> tables)
    {
        var columns = manifest.Tables.SelectMany(t => t.Columns.Select(c => $"{t.Name}.{c}")).ToHashSet(StringComparer.Ordinal);
        columns.SymmetricExceptWith(tables.SelectMany(t => t.Columns.Select(c => $"{t.Name}.{c}")));
        if (columns.Count > 0)
            throw new BackupRefusedException($"Only one of the backup and this program has {string.Join(", ", columns.Order(StringComparer.Ordinal))}. Nothing was restored.");
        var written = manifest.Tables.ToDictionary(t => t.Name, StringComparer.Ordinal);
        return [.. tables.Select(t => (t with { Columns = written[t.Name].Columns, Counter = written[t.Name].Counter ?? t.Counter, Last = written[t.Name].Last }, written[t.Name]))];
    }

    /// <summary>Files that are none of the backup's are of somebody who lives there. Those of a restore that was broken off are its own.</summary>
    private async Task RefuseForeignFilesAsync(BackupFile backup, CancellationToken cancel)
    {
        await media.StartAsync(cancel);
        await foreach (var (name, _) in media.ListAsync(cancel))
        {
            if (DirectoryFiles.IsUnfinished(name))
                await media.RemoveAsync(name, cancel); // no node runs: it is of one that died, or of a restore that did
            else if (!backup.HasMedia(name))
                throw new BackupRefusedException("Where the files of messages go, there are somebody else's already. Nothing was restored; name an empty place for them.");
        }
    }

    private async Task PutFilesAsync(BackupFile backup, CancellationToken cancel)
    {
        foreach (var entry in backup.Media)
        {
            var name = BackupFile.NameOf(entry);
            if (!await IsThereAsync(name, cancel))
                await PutAsync(name, entry, cancel);
        }
        await SayAsync($"{backup.Manifest.Media.Files:N0} files of {backup.Manifest.Media.Bytes:N0} bytes");
    }

    /// <summary>A file is there as a whole or not at all.</summary>
    private async Task<bool> IsThereAsync(string name, CancellationToken cancel)
    {
        await using var there = await media.OpenAsync(name, cancel);
        return there is not null;
    }

    private async Task PutAsync(string name, ZipArchiveEntry entry, CancellationToken cancel)
    {
        await using Stream way = entry.Length <= MostInMemory
            ? new MemoryStream((int)entry.Length)
            : new FileStream(Path.Combine(options.Data, $"restoring-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await using (var content = await entry.OpenAsync(cancel))
            await content.CopyToAsync(way, cancel);
        way.Position = 0;
        await media.PutAsync(name, way, cancel);
    }

    private async Task FillAsync(BackupFile backup, Filling house, SnapshotTable table, TableManifest written, CancellationToken cancel)
    {
        var found = await house.FillAsync(table, backup.RowsAsync(written, cancel), cancel);
        if (found.Rows != written.Rows || !string.Equals(found.ToString(), written.Sum, StringComparison.Ordinal))
            throw new BackupRefusedException($"{table.Name} is not what was backed up: {written.Rows:N0} rows with checksum {written.Sum} then, {found.Rows:N0} with {found} now. Nothing was restored.");
        await SayAsync($"{table.Name}: {found.Rows:N0} rows, the same as then");
    }

    private static string? Words(Exception error) => error switch
    {
        CopyRefusedException => error.Message,
        PostgresException refusal => $"PostgreSQL refused: {string.Join(" ", refusal.MessageText, refusal.Where).Trim()}. Nothing was restored.",
        NpgsqlException => $"PostgreSQL cannot be reached: {error.Message} Look whether somebody lives there before you start again.",
        SqliteException => $"The database cannot be written: {error.Message} Nothing was restored.",
        JsonException => $"A row cannot be read: {error.Message} Nothing was restored.",
        StorageUnavailableException => $"The files of messages cannot be written: {error.InnerException?.Message ?? error.Message} Nothing was restored; it can be started again.",
        InvalidOperationException { InnerException: StorageUnavailableException } => error.Message,
        IOException or UnauthorizedAccessException => $"{error.Message} Nothing was restored; it can be started again.",
        OperationCanceledException => "Broken off. Nobody lives here yet; it can be started again.",
        _ => null,
    };

    private Task SayAsync(FormattableString line) => output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
}
