using System.Buffers.Binary;

namespace WebChat.Media;

/// <summary>RIFF chunks of name, length and data, an even number of bytes each (RFC 9649).</summary>
internal static class WebpFile
{
    private const int ExifAndXmp = 0x0C;
    private const int Motion = 0x02;

    public static bool Is(ReadOnlySpan<byte> head) => head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..12].SequenceEqual("WEBP"u8);

    /// <returns>Its size, or null when the chunks do not add up to a picture.</returns>
    public static (int Width, int Height)? Copy(Parts parts)
    {
        (int Width, int Height)? canvas = null;
        var (hasImage, moves) = (false, false);
        var left = BinaryPrimitives.ReadUInt32LittleEndian(parts.Next(12)[4..]) - 4L;
        parts.Keep(12);
        var kept = 4L;
        while (left > 0)
        {
            var chunk = parts.Next(8 + 16);
            if (chunk.Length < 8)
                return null;
            var length = 8L + BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            length += length & 1;
            if (length > left)
                return null;
            left -= length;
            var name = chunk[..4];
            var data = chunk[8..];
            if (name.SequenceEqual("VP8X"u8))
            {
                if (canvas is not null || hasImage || length != 18 || data.Length < 10)
                    return null;
                canvas = (1 + Int24(data[4..]), 1 + Int24(data[7..]));
                moves = (data[0] & Motion) != 0;
                parts.Write([.. chunk[..8], (byte)(data[0] & ~ExifAndXmp), .. data[1..10]]);
                parts.Skip(length);
                kept += length;
                continue;
            }
            if (name.SequenceEqual("VP8 "u8) || name.SequenceEqual("VP8L"u8))
            {
                // A browser goes by the canvas or by the image: they have to say the same.
                if (hasImage || moves || Size(name, data) is not { } size || (canvas ??= size) != size)
                    return null;
                hasImage = true;
            }
            else if (name.SequenceEqual("ANMF"u8))
            {
                if (!moves || canvas is not { } whole || data.Length < 12 || (2 * Int24(data)) + 1 + Int24(data[6..]) > whole.Width || (2 * Int24(data[3..])) + 1 + Int24(data[9..]) > whole.Height)
                    return null;
                hasImage = true;
            }
            var isKept = IsPicture(name);
            if (!(isKept ? parts.Keep(length) : parts.Skip(length)))
                return null;
            kept += isKept ? length : 0;
        }
        if (!hasImage)
            return null;
        var total = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(total, (uint)kept);
        parts.Rewrite(4, total);
        return canvas;
    }

    private static bool IsPicture(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("VP8 "u8) || name.SequenceEqual("VP8L"u8) || name.SequenceEqual("ALPH"u8) || name.SequenceEqual("ANIM"u8) || name.SequenceEqual("ANMF"u8) || name.SequenceEqual("ICCP"u8);

    private static (int, int)? Size(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (name[3] == (byte)'L')
        {
            if (data.Length < 5 || data[0] != 0x2F)
                return null;
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }
        if (data.Length < 10 || !data[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
            return null;
        return (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
    }

    private static int Int24(ReadOnlySpan<byte> at) => at[0] | (at[1] << 8) | (at[2] << 16);
}
