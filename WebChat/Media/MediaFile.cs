using System.Text.Json.Serialization;

namespace WebChat.Media;

/// <summary>How a file is shown. Stored as its number.</summary>
internal enum MediaKind
{
    /// <summary>To be taken away, and never shown.</summary>
    File = 0,
    Image = 1,
    Video = 2,
    Audio = 3,
}

/// <summary>A file that a message carries, as we found it to be: nothing here was believed, but the name and, where it says so, what the page told.</summary>
internal sealed record MediaFile
{
    /// <summary>Unguessable; also what the stored file is called.</summary>
    public required string Id { get; init; }

    public MediaKind Kind { get; init; }

    /// <summary>What it is called: one line of at most <see cref="FileName.Longest"/> characters, never empty.</summary>
    public required string Name { get; init; }

    public required string Type { get; init; }

    public required long Bytes { get; init; }

    /// <summary>The type of the smaller picture beside it; null where there is none.</summary>
    public string? SmallType { get; init; }

    public long? SmallBytes { get; init; }

    /// <summary>In pixels as shown, of an image always; of a video where it says so, or the page told.</summary>
    public int? Width { get; init; }

    /// <inheritdoc cref="Width"/>
    public int? Height { get; init; }

    /// <summary>How long it plays, where it says so, or the page told.</summary>
    public int? Seconds { get; init; }

    /// <summary>SHA-256 of what was sent, in base64url: the same file sent again has the same.</summary>
    public required string Hash { get; init; }

    [JsonIgnore] public string Address => $"/media/{Id}/{Uri.EscapeDataString(Name)}";

    [JsonIgnore] public string? SmallAddress => SmallType is null ? null : $"{Address}?small";
}
