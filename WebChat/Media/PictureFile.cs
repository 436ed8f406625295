using System.Buffers.Binary;
using MetadataExtractor;
using MetadataExtractor.Formats.Jpeg;
using MetadataExtractor.Formats.Png;

namespace WebChat.Media;

/// <summary>A PNG or JPEG, taken apart only so far as to see that it is one, how large it is, and what in it is not picture.</summary>
internal static class PictureFile
{
    public const string Png = "image/png";
    public const string Jpeg = "image/jpeg";

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>What the first bytes say it is, whatever its name says; null for anything else.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(PngSignature) ? Png
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg
        : null;

    /// <summary>Width and height by the header; null where it has none that can be read.</summary>
    public static (int Width, int Height)? SizeOf(byte[] bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            foreach (var directory in ImageMetadataReader.ReadMetadata(stream))
            {
                if (directory is PngDirectory png && png.TryGetInt32(PngDirectory.TagImageWidth, out var width) && png.TryGetInt32(PngDirectory.TagImageHeight, out var height))
                    return (width, height);
                if (directory is JpegDirectory jpeg && jpeg.TryGetInt32(JpegDirectory.TagImageWidth, out width) && jpeg.TryGetInt32(JpegDirectory.TagImageHeight, out height))
                    return (width, height);
            }
        }
        catch (Exception error) when (error is ImageProcessingException or IOException or ArgumentException or IndexOutOfRangeException or OverflowException or FormatException)
        {
            // No picture, then.
        }
        return null;
    }

    /// <summary>The picture alone: no place, no camera, no comment, and nothing behind its end.</summary>
    /// <returns>Null when its parts do not add up to a picture.</returns>
    public static byte[]? Strip(byte[] bytes, string type)
    {
        using var clean = new MemoryStream(bytes.Length);
        var isWhole = type is Png ? StripPng(bytes, clean) : StripJpeg(bytes, clean);
        return isWhole ? clean.ToArray() : null;
    }

    // Chunks of length, name, data and check sum (PNG, section 5.3).
    private static bool StripPng(ReadOnlySpan<byte> bytes, MemoryStream clean)
    {
        clean.Write(PngSignature);
        for (var rest = bytes[PngSignature.Length..]; rest.Length >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12)
                return false;
            var chunk = rest[..((int)length + 12)];
            var name = chunk.Slice(4, 4);
            if (!(name.SequenceEqual("eXIf"u8) || name.SequenceEqual("tEXt"u8) || name.SequenceEqual("iTXt"u8) || name.SequenceEqual("zTXt"u8) || name.SequenceEqual("tIME"u8)))
                clean.Write(chunk);
            if (name.SequenceEqual("IEND"u8))
                return true;
            rest = rest[chunk.Length..];
        }
        return false;
    }

    // Markers, most with a length and data; after a start of scan the picture itself, in which FF is followed by 00 or a restart mark (ITU T.81, annex B).
    private static bool StripJpeg(ReadOnlySpan<byte> bytes, MemoryStream clean)
    {
        const byte StartOfScan = 0xDA, End = 0xD9, Comment = 0xFE;
        clean.Write(bytes[..2]);
        var at = 2;
        while (at + 2 <= bytes.Length)
        {
            if (bytes[at] != 0xFF)
                return false;
            var marker = bytes[at + 1];
            if (marker == 0xFF) // a fill byte
            {
                at++;
                continue;
            }
            if (marker == End)
            {
                clean.Write(bytes.Slice(at, 2));
                return true;
            }
            if (at + 4 > bytes.Length)
                return false;
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            var end = at + 2 + length;
            if (length < 2 || end > bytes.Length)
                return false;
            if (marker == StartOfScan)
                end = EndOfScan(bytes, end);
            // APP0 says JFIF, APP2 holds the colour profile, APP14 how Adobe stored the colours: without them it looks different.
            if (marker is not Comment and not (>= 0xE1 and <= 0xEF) || marker is 0xE2 or 0xEE)
                clean.Write(bytes[at..end]);
            at = end;
        }
        return false;
    }

    private static int EndOfScan(ReadOnlySpan<byte> bytes, int at)
    {
        while (at + 1 < bytes.Length && !(bytes[at] == 0xFF && bytes[at + 1] is not 0x00 and not (>= 0xD0 and <= 0xD7)))
            at++;
        return at;
    }
}
