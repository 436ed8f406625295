using System.Buffers.Binary;

namespace WebChat.Media;

/// <summary>
/// Pictures as cameras and phones store them: most browsers do not show these, and each format has its own way to tell the place. HEIF and
/// AVIF, JPEG XL and 2000, TIFF and the raw formats made of it.
/// </summary>
internal static class TellingPicture
{
    private static readonly string[] Endings = [".heic", ".heif", ".hif", ".avif", ".jxl", ".jp2", ".tif", ".tiff", ".dng", ".nef", ".arw", ".cr2", ".cr3", ".orf", ".rw2", ".raf"];

    private static readonly string[] Types = ["image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence", "image/avif", "image/jxl", "image/jp2", "image/tiff", "image/x-adobe-dng"];

    private static readonly string[] Brands = ["mif1", "mif2", "msf1", "miaf", "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "avif", "avis", "crx "];

    /// <summary>True for what is one, and for what calls itself one.</summary>
    /// <param name="head">How it begins.</param>
    /// <param name="name">What the sender called it.</param>
    /// <param name="declared">What the sender says it is.</param>
    public static bool Is(ReadOnlySpan<byte> head, string name, string? declared) =>
        IsTiff(head) || IsStill(head) || head.StartsWith("\0\0\0\u000CJXL "u8) || head.StartsWith("\0\0\0\u000CjP  "u8) || head.StartsWith("FUJIFILMCCD-RAW"u8)
        || Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
        || Types.Contains(declared?.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase);

    /// <summary>In either order of bytes, of either size, and as Olympus and Panasonic begin it.</summary>
    private static bool IsTiff(ReadOnlySpan<byte> head) =>
        head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8) || head.StartsWith("II+\0"u8) || head.StartsWith("MM\0+"u8)
        || head.StartsWith("IIRO"u8) || head.StartsWith("IIRS"u8) || head.StartsWith("IIU\0"u8);

    /// <summary>Boxes like a film's, of a brand of still pictures: the first one, or one of those behind its version (ISO 23008-12, 10).</summary>
    private static bool IsStill(ReadOnlySpan<byte> head)
    {
        if (!Mp4File.Is(head))
            return false;
        var brands = head[..(int)Math.Min((uint)head.Length, BinaryPrimitives.ReadUInt32BigEndian(head))];
        for (var at = 8; at + 4 <= brands.Length; at += at == 8 ? 8 : 4)
        {
            var brand = System.Text.Encoding.Latin1.GetString(brands.Slice(at, 4));
            if (Brands.Contains(brand, StringComparer.Ordinal))
                return true;
        }
        return false;
    }
}
