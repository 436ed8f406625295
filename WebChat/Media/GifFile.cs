using System.Buffers.Binary;

namespace WebChat.Media;

/// <summary>A screen, then images and extensions in blocks of at most 255 bytes, of which the empty one is the last (GIF89a, section 17 on).</summary>
internal static class GifFile
{
    private const byte Extension = 0x21, Image = 0x2C, Trailer = 0x3B;

    public static bool Is(ReadOnlySpan<byte> head) => head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8);

    /// <returns>Its size, or null when the blocks do not add up to a picture.</returns>
    public static (int Width, int Height)? Copy(Parts parts)
    {
        var screen = parts.Next(13);
        if (screen.Length < 13)
            return null;
        var (width, height) = Size(screen[6..]);
        if (!parts.Keep(13 + TableSize(screen[10])))
            return null;
        var hasImage = false;
        while (true)
        {
            var next = parts.Next(1);
            switch (next.IsEmpty ? 0 : next[0])
            {
                case Image:
                    var image = parts.Next(10);
                    if (image.Length < 10)
                        return null;
                    // Browsers make room for an image that is larger than its screen.
                    var (left, top) = Size(image[1..]);
                    var (imageWidth, imageHeight) = Size(image[5..]);
                    (width, height) = (Math.Max(width, left + imageWidth), Math.Max(height, top + imageHeight));
                    if (!parts.Keep(10 + TableSize(image[9]) + 1) || !Blocks(parts, isKept: true))
                        return null;
                    hasImage = true;
                    break;
                case Extension:
                    var isKept = IsPicture(parts.Next(14));
                    if (!(isKept ? parts.Keep(2) : parts.Skip(2)) || !Blocks(parts, isKept))
                        return null;
                    break;
                case Trailer when hasImage:
                    parts.Keep(1);
                    return (width, height);
                default:
                    return null;
            }
        }
    }

    private static (int, int) Size(ReadOnlySpan<byte> at) => (BinaryPrimitives.ReadUInt16LittleEndian(at), BinaryPrimitives.ReadUInt16LittleEndian(at[2..]));

    /// <summary>Bytes of the colours that follow, where there are any.</summary>
    private static int TableSize(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    /// <summary>How long an image stays and what of it is clear, and how often all of it is played.</summary>
    private static bool IsPicture(ReadOnlySpan<byte> extension) =>
        extension.Length > 2 && (extension[1] == 0xF9 || (extension[1] == 0xFF && (extension[2..].StartsWith("\u000BNETSCAPE2.0"u8) || extension[2..].StartsWith("\u000BANIMEXTS1.0"u8))));

    private static bool Blocks(Parts parts, bool isKept)
    {
        while (true)
        {
            var next = parts.Next(1);
            var length = next.IsEmpty ? 0 : next[0];
            if (!(isKept ? parts.Keep(1 + length) : parts.Skip(1 + length)))
                return false;
            if (length == 0)
                return true;
        }
    }
}
