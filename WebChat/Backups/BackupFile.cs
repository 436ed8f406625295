using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace WebChat.Backups;

/// <summary>A backup as it is read: looked through as a whole before anything of it is used.</summary>
internal sealed class BackupFile : IAsyncDisposable
{
    private readonly ZipArchive zip;
    private readonly string file;

    private BackupFile(string file, ZipArchive zip, Manifest manifest) => (this.file, this.zip, Manifest) = (file, zip, manifest);

    public Manifest Manifest { get; }

    /// <summary>The files of messages, in order.</summary>
    public IEnumerable<ZipArchiveEntry> Media => zip.Entries.Where(e => e.FullName.StartsWith(Manifest.MediaFolder, StringComparison.Ordinal));

    public bool HasMedia(string name) => zip.GetEntry(Manifest.MediaFolder + name) is not null;

    public static string NameOf(ZipArchiveEntry media) => media.FullName[Manifest.MediaFolder.Length..];

    /// <exception cref="BackupRefusedException">It is none, or damaged, or of a newer program.</exception>
    public static async Task<BackupFile> OpenAsync(string file, CancellationToken cancel)
    {
        if (!File.Exists(file))
            throw new BackupRefusedException($"There is no {file}.");
        ZipArchive? opened = null;
        try
        {
            var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.Asynchronous);
            opened = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Read, leaveOpen: false, entryNameEncoding: null, cancel);
            var backup = new BackupFile(file, opened, await ManifestAsync(opened, file, cancel));
            await backup.LookThroughAsync(cancel);
            return backup;
        }
        catch (Exception error)
        {
            if (opened is not null)
                await opened.DisposeAsync();
            if (error is InvalidDataException or JsonException or EndOfStreamException or FormatException or ArgumentException or NotSupportedException)
                throw Damaged(file, error);
            throw;
        }
    }

    /// <summary>The rows of a table, one after the other.</summary>
    public async IAsyncEnumerable<object?[]> RowsAsync(TableManifest table, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var entry = await EntryOf(Manifest.EntryOf(table.Name)).OpenAsync(cancel);
        var lines = PipeReader.Create(entry);
        while (true)
        {
            var read = await lines.ReadAsync(cancel);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                yield return RowLine.Read(rest.Slice(0, end).ToArray(), table.Columns.Count);
                rest = rest.Slice(rest.GetPosition(1, end));
            }
            if (read.IsCompleted)
                break;
            lines.AdvanceTo(rest.Start, rest.End);
        }
        await lines.CompleteAsync();
    }

    public ValueTask DisposeAsync() => zip.DisposeAsync();

    private ZipArchiveEntry EntryOf(string name) => zip.GetEntry(name) ?? throw Damaged(file, null);

    private static async Task<Manifest> ManifestAsync(ZipArchive zip, string file, CancellationToken cancel)
    {
        if (!zip.Comment.StartsWith(Manifest.Mark, StringComparison.Ordinal) || zip.GetEntry(Manifest.Name) is not { } entry)
            throw new BackupRefusedException($"{file} is no backup of WebChat, or it is damaged. Nothing was restored.");
        await using var stream = await entry.OpenAsync(cancel);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancel);
        if (!string.Equals(zip.Comment[Manifest.Mark.Length..], Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())), StringComparison.Ordinal))
            throw Damaged(file, null);
        // Only the number is looked at first: what a newer program writes beside it may be read by none of ours.
        using var document = JsonDocument.Parse(bytes.ToArray());
        if (document.RootElement.GetProperty("format").GetInt32() > Manifest.CurrentFormat)
            throw Newer(file);
        var manifest = document.Deserialize<Manifest>(Manifest.Json)!;
        if (manifest.Schema > Storage.Migrations.LastOf("sqlite"))
            throw Newer(file);
        return manifest;
    }

    private async Task LookThroughAsync(CancellationToken cancel)
    {
        var buffer = new byte[128 * 1024];
        foreach (var table in Manifest.Tables)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var entry = await EntryOf(Manifest.EntryOf(table.Name)).OpenAsync(cancel);
            while (await entry.ReadAsync(buffer, cancel) is var read and > 0)
                hash.AppendData(buffer, 0, read);
            if (!string.Equals(table.Sha256, Convert.ToHexStringLower(hash.GetHashAndReset()), StringComparison.Ordinal))
                throw Damaged(file, null);
        }
        using var sum = new MediaSum();
        foreach (var media in Media)
        {
            if (!IsName(NameOf(media)))
                throw Damaged(file, null);
            await using var content = await media.OpenAsync(cancel);
            await sum.PassAsync(NameOf(media), content, Stream.Null, cancel);
        }
        if (sum.End() != Manifest.Media)
            throw Damaged(file, null);
    }

    /// <summary>A name that files of messages have: no path leads out of it.</summary>
    public static bool IsName(string name) => name.Length > 2 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static BackupRefusedException Damaged(string file, Exception? cause) => new($"{file} is damaged: it is not what was written. Nothing was restored; take another backup.", cause);

    private static BackupRefusedException Newer(string file) => new($"{file} was made by a newer WebChat. Nothing was restored; install that version first.");
}
