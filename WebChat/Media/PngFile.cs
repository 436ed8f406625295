using System.Buffers.Binary;

namespace WebChat.Media;

/// <summary>Chunks of length, name, data and check sum, of which the first is the header (PNG, section 5.3).</summary>
internal static class PngFile
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <param name="parts">The file.</param>
    /// <param name="moves">Keeps an animation's chunks too.</param>
    /// <returns>Its size, or null when the chunks do not add up to a picture.</returns>
    public static (int Width, int Height)? Copy(Parts parts, bool moves)
    {
        (int, int)? size = null;
        parts.Keep(Signature.Length);
        while (true)
        {
            var chunk = parts.Next(16);
            if (chunk.Length < 12)
                return null;
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            var name = chunk.Slice(4, 4);
            if (name.SequenceEqual("IHDR"u8) != size is null || (size is null && (length != 13 || chunk.Length < 16)))
                return null;
            size ??= (BinaryPrimitives.ReadInt32BigEndian(chunk[8..]), BinaryPrimitives.ReadInt32BigEndian(chunk[12..]));
            var isEnd = name.SequenceEqual("IEND"u8);
            if (!(IsPicture(name) || (moves && IsMotion(name)) ? parts.Keep(12L + length) : parts.Skip(12L + length)))
                return null;
            if (isEnd)
                return size;
        }
    }

    /// <summary>The image and what its colours mean.</summary>
    private static bool IsPicture(ReadOnlySpan<byte> chunk) =>
        chunk.SequenceEqual("IHDR"u8) || chunk.SequenceEqual("PLTE"u8) || chunk.SequenceEqual("IDAT"u8) || chunk.SequenceEqual("IEND"u8) ||
        chunk.SequenceEqual("tRNS"u8) || chunk.SequenceEqual("gAMA"u8) || chunk.SequenceEqual("cHRM"u8) || chunk.SequenceEqual("sRGB"u8) ||
        chunk.SequenceEqual("iCCP"u8) || chunk.SequenceEqual("cICP"u8) || chunk.SequenceEqual("sBIT"u8) || chunk.SequenceEqual("bKGD"u8) ||
        chunk.SequenceEqual("pHYs"u8);

    private static bool IsMotion(ReadOnlySpan<byte> chunk) => chunk.SequenceEqual("acTL"u8) || chunk.SequenceEqual("fcTL"u8) || chunk.SequenceEqual("fdAT"u8);
}
