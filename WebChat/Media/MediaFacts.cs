using System.Buffers.Binary;
using System.Text;

namespace WebChat.Media;

/// <summary>What a file is, by what is in it.</summary>
/// <param name="Kind">How it is shown.</param>
/// <param name="Type">Its media type.</param>
internal sealed record MediaFacts(MediaKind Kind, string Type)
{
    /// <summary>Longest side and most pixels of an image: more is a burden to whoever looks at it, whatever it weighs.</summary>
    public const int LongestSide = 16_384;

    /// <inheritdoc cref="LongestSide"/>
    public const int MostPixels = 50_000_000;

    private const int HeadBytes = 64 * 1024;

    private const string Gif = "image/gif";
    private const string Webp = "image/webp";

    /// <summary>What is none of these, and may tell where it was made in ways that we cannot take out of it: nobody may have it.</summary>
    public static readonly MediaFacts Telling = new(MediaKind.File, "") { IsTelling = true };

    private static readonly MediaFacts PlainFile = new(MediaKind.File, "application/octet-stream");

    private static readonly string[] ImageEndings = [".png", ".apng", ".jpg", ".jpeg", ".jfif", ".gif", ".webp", ".svg", ".svgz"];

    /// <summary>True of <see cref="Telling"/> alone.</summary>
    public bool IsTelling { get; private init; }

    public int? Width { get; init; }
    public int? Height { get; init; }
    public double? Seconds { get; init; }

    /// <summary>True of an image that is too large to be shown to anybody.</summary>
    public bool IsGiant => Kind == MediaKind.Image && (Width > LongestSide || Height > LongestSide || (long)Width!.Value * Height!.Value > MostPixels);

    /// <summary>
    /// Looks what a file is, and copies what is to be kept of it: all, but of images and films nothing that tells where and with what they
    /// were made, or <see cref="Telling"/> where that is not possible. What is none of the kinds that are shown is a plain file, unless it
    /// pretends to be an image.
    /// </summary>
    /// <param name="file">From its beginning.</param>
    /// <param name="clean">Takes the copy.</param>
    /// <param name="name">What the sender called it.</param>
    /// <param name="declared">What the sender says it is.</param>
    /// <returns>Null for what pretends.</returns>
    public static MediaFacts? Copy(Stream file, Stream clean, string name, string? declared)
    {
        var head = new byte[(int)Math.Min(HeadBytes, file.Length)];
        file.ReadExactly(head);
        file.Position = 0;
        if (ImageTypeOf(head) is not null)
            return CopyImage(new Parts(file, clean));
        if (TellingPicture.Is(head, name, declared))
            return Telling;
        if (PretendsToBeImage(name, declared))
            return null;
        if (Mp4File.Is(head) && Mp4File.Copy(file, clean) is { } film)
            return film;
        file.Position = 0;
        file.CopyTo(clean);
        return Recording(head, file.Length) ?? PlainFile;
    }

    /// <summary>Copies an image and nothing else.</summary>
    /// <returns>Null for anything that is not one, or is something besides.</returns>
    public static MediaFacts? CopyImage(Parts parts)
    {
        var type = ImageTypeOf(parts.Next(16));
        (int Width, int Height)? size = type switch
        {
            PictureFile.Png => PngFile.Copy(parts, moves: true),
            PictureFile.Jpeg => JpegFile.Copy(parts),
            Gif => GifFile.Copy(parts),
            Webp => WebpFile.Copy(parts),
            _ => null,
        };
        if (type is null || size is not { Width: > 0, Height: > 0 } whole || parts.HasMarkup)
            return null;
        var rest = parts.Next(Parts.MostSeen).TrimStart((byte)0); // some programs fill up with zeros
        if (!rest.IsEmpty && !(type is PictureFile.Jpeg && JpegFile.IsTrailer(rest)))
            return null;
        return new MediaFacts(MediaKind.Image, type) { Width = whole.Width, Height = whole.Height };
    }

    /// <summary>The type of an image that can be shown, by its first bytes, whatever anybody calls it; null for all else.</summary>
    public static string? ImageTypeOf(ReadOnlySpan<byte> head) =>
        head.StartsWith(PngFile.Signature) ? PictureFile.Png
        : head.StartsWith(JpegFile.Signature) ? PictureFile.Jpeg
        : GifFile.Is(head) ? Gif
        : WebpFile.Is(head) ? Webp
        : null;

    private static bool PretendsToBeImage(string name, string? declared) =>
        ImageEndings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) ||
        declared?.Split(';')[0].Trim().ToLowerInvariant() is "image/png" or "image/apng" or "image/jpeg" or "image/gif" or "image/webp" or "image/svg+xml";

    /// <summary>Sound, and films in WebM, by their signatures.</summary>
    private static MediaFacts? Recording(ReadOnlySpan<byte> head, long length)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) && head[..Math.Min(64, head.Length)].IndexOf("webm"u8) >= 0)
            return Webm(head);
        if (head.StartsWith("OggS"u8))
            return head.IndexOf("theora"u8) < 0 && (head.IndexOf("OpusHead"u8) >= 0 || head.IndexOf("\u0001vorbis"u8) >= 0) ? new MediaFacts(MediaKind.Audio, "audio/ogg") : null;
        if (head.Length >= 44 && head.StartsWith("RIFF"u8) && head[8..16].SequenceEqual("WAVEfmt "u8))
        {
            var rate = BinaryPrimitives.ReadUInt32LittleEndian(head[28..]);
            return new MediaFacts(MediaKind.Audio, "audio/wav") { Seconds = rate == 0 ? null : (double)(length - 44) / rate };
        }
        return IsMp3(head) ? new MediaFacts(MediaKind.Audio, "audio/mpeg") : null;
    }

    // The codecs' names stand in the tracks, at the beginning.
    private static MediaFacts? Webm(ReadOnlySpan<byte> head) =>
        head.IndexOf("V_VP8"u8) >= 0 || head.IndexOf("V_VP9"u8) >= 0 || head.IndexOf("V_AV1"u8) >= 0 ? new MediaFacts(MediaKind.Video, "video/webm")
        : head.IndexOf("A_OPUS"u8) >= 0 || head.IndexOf("A_VORBIS"u8) >= 0 ? new MediaFacts(MediaKind.Audio, "audio/webm")
        : null;

    /// <summary>A tag, or two frames of layer III of which the second begins where the first says that it ends.</summary>
    private static bool IsMp3(ReadOnlySpan<byte> head)
    {
        if (head.Length > 10 && head.StartsWith("ID3"u8) && head[3] is 2 or 3 or 4)
            return true;
        return FrameLength(head) is > 0 and var first && head.Length > first && FrameLength(head[first..]) > 0;
    }

    /// <returns>0 where no frame begins (ISO 11172-3, 2.4.2.3).</returns>
    private static int FrameLength(ReadOnlySpan<byte> head)
    {
        if (head.Length < 4 || head[0] != 0xFF || (head[1] & 0xE6) != 0xE2 || (head[1] & 0x18) == 0x08)
            return 0;
        var isFirst = (head[1] & 0x18) == 0x18; // MPEG-1; else 2 or 2.5
        ReadOnlySpan<int> rates = isFirst ? [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0] : [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
        ReadOnlySpan<int> samples = [44_100, 48_000, 32_000, 0];
        var sampleRate = samples[(head[2] >> 2) & 3] / (isFirst ? 1 : (head[1] & 0x18) == 0x10 ? 2 : 4);
        var rate = rates[head[2] >> 4];
        return rate == 0 || sampleRate == 0 ? 0 : ((isFirst ? 144 : 72) * rate * 1000 / sampleRate) + ((head[2] >> 1) & 1);
    }
}
