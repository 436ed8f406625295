using System.Text.Json;

namespace WebChat.Backups;

/// <summary>What a backup holds: the last thing in the file, so that one without it was broken off.</summary>
internal sealed record Manifest
{
    /// <summary>How the file is laid out. A higher number is of a newer program.</summary>
    public const int CurrentFormat = 1;

    public const string Name = "manifest.json";

    public const string RowsFolder = "rows/";

    public const string MediaFolder = "media/";

    /// <summary>How the file's comment begins; the checksum of this manifest follows.</summary>
    public const string Mark = "WebChat backup, manifest sha256 ";

    public required int Format { get; init; }

    /// <summary>The number of the last migration of the rows.</summary>
    public required int Schema { get; init; }

    public required string Engine { get; init; }

    public required DateTimeOffset TakenAt { get; init; }

    public required IReadOnlyList<TableManifest> Tables { get; init; }

    public required MediaManifest Media { get; init; }

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string EntryOf(string table) => $"{RowsFolder}{table}.jsonl";
}

/// <summary>A table: an entry with an array of values on each line.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">In the order of the values.</param>
/// <param name="Counter">The column that the engine counts, where there is one.</param>
/// <param name="Last">The last number it gave out.</param>
/// <param name="Rows">How many.</param>
/// <param name="Sum">Of the rows, whatever their order: what is restored has the same.</param>
/// <param name="Sha256">Of the entry's bytes.</param>
internal sealed record TableManifest(string Name, IReadOnlyList<string> Columns, string? Counter, long Last, long Rows, string Sum, string Sha256);

/// <summary>The files of messages.</summary>
/// <param name="Files">How many.</param>
/// <param name="Bytes">Of all together.</param>
/// <param name="Sha256">Over the name, the bytes and their number of each, as they follow each other.</param>
internal sealed record MediaManifest(long Files, long Bytes, string Sha256);
