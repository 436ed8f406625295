using System.Buffers.Binary;

namespace WebChat.Media;

/// <summary>A picture with nothing in it but what it takes to show it.</summary>
/// <param name="Type">Its media type.</param>
/// <param name="Width">In pixels, by its header.</param>
/// <param name="Height">In pixels, by its header.</param>
/// <param name="Bytes">The whole file.</param>
internal sealed record PictureFile(string Type, int Width, int Height, byte[] Bytes)
{
    public const string Png = "image/png";
    public const string Jpeg = "image/jpeg";

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>
    /// Takes a PNG or JPEG apart, whatever its name says, and keeps the parts known to be picture: no place, no camera, no comment, no
    /// small copy of what was cut away, and nothing behind the end. Nothing in it is unpacked, so it costs no more than its bytes.
    /// </summary>
    /// <returns>Null when its parts do not add up to one picture.</returns>
    public static PictureFile? Read(ReadOnlySpan<byte> bytes)
    {
        using var clean = new MemoryStream(bytes.Length);
        if (bytes.StartsWith(PngSignature))
            return StripPng(bytes, clean) is { } png ? new PictureFile(Png, png.Width, png.Height, clean.ToArray()) : null;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return StripJpeg(bytes, clean) is { } jpeg ? new PictureFile(Jpeg, jpeg.Width, jpeg.Height, clean.ToArray()) : null;
        return null;
    }

    // Chunks of length, name, data and check sum (PNG, section 5.3); the first is the header.
    private static (int Width, int Height)? StripPng(ReadOnlySpan<byte> bytes, MemoryStream clean)
    {
        (int, int)? size = null;
        clean.Write(PngSignature);
        for (var rest = bytes[PngSignature.Length..]; rest.Length >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12)
                return null;
            var chunk = rest[..((int)length + 12)];
            var name = chunk.Slice(4, 4);
            if (name.SequenceEqual("IHDR"u8) != size is null || (size is null && length != 13))
                return null;
            size ??= (BinaryPrimitives.ReadInt32BigEndian(chunk[8..]), BinaryPrimitives.ReadInt32BigEndian(chunk[12..]));
            if (IsPicture(name))
                clean.Write(chunk);
            if (name.SequenceEqual("IEND"u8))
                return size;
            rest = rest[chunk.Length..];
        }
        return null;
    }

    // The image and what its colours mean; a face does not move, so no chunk of an animation.
    private static bool IsPicture(ReadOnlySpan<byte> chunk) =>
        chunk.SequenceEqual("IHDR"u8) || chunk.SequenceEqual("PLTE"u8) || chunk.SequenceEqual("IDAT"u8) || chunk.SequenceEqual("IEND"u8) ||
        chunk.SequenceEqual("tRNS"u8) || chunk.SequenceEqual("gAMA"u8) || chunk.SequenceEqual("cHRM"u8) || chunk.SequenceEqual("sRGB"u8) ||
        chunk.SequenceEqual("iCCP"u8) || chunk.SequenceEqual("cICP"u8) || chunk.SequenceEqual("sBIT"u8) || chunk.SequenceEqual("bKGD"u8) ||
        chunk.SequenceEqual("pHYs"u8);

    // Markers, most with a length and data; after a start of scan the picture itself, in which FF is followed by 00 or a restart mark (ITU T.81, annex B).
    private static (int Width, int Height)? StripJpeg(ReadOnlySpan<byte> bytes, MemoryStream clean)
    {
        const byte StartOfScan = 0xDA, End = 0xD9;
        (int, int)? size = null;
        clean.Write(bytes[..2]);
        var at = 2;
        while (at + 2 <= bytes.Length)
        {
            if (bytes[at] != 0xFF)
                return null;
            var marker = bytes[at + 1];
            if (marker == 0xFF) // a fill byte
            {
                at++;
                continue;
            }
            if (marker == End)
            {
                clean.Write(bytes.Slice(at, 2));
                return size;
            }
            if (at + 4 > bytes.Length)
                return null;
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            var end = at + 2 + length;
            if (length < 2 || end > bytes.Length)
                return null;
            var data = bytes[(at + 4)..end];
            if (IsFrame(marker))
            {
                // The size that counts is the one a browser goes by: of two headers, who knows which.
                if (size is not null || data.Length < 6)
                    return null;
                size = (BinaryPrimitives.ReadUInt16BigEndian(data[3..]), BinaryPrimitives.ReadUInt16BigEndian(data[1..]));
            }
            if (marker == StartOfScan)
            {
                if (size is null)
                    return null;
                end = EndOfScan(bytes, end);
            }
            if (IsJfif(marker, data))
                clean.Write([0xFF, marker, 0, 16, .. data[..12], 0, 0]); // its small copy, 0 by 0 from now on, may show what was cut away
            else if (IsPicture(marker, data))
                clean.Write(bytes[at..end]);
            at = end;
        }
        return null;
    }

    /// <summary>A frame header, which holds the size.</summary>
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static bool IsJfif(byte marker, ReadOnlySpan<byte> data) => marker is 0xE0 && data.Length >= 14 && data.StartsWith("JFIF\0"u8);

    // Tables, frame and scans; of what programs add, the colour profile and how Adobe stored the colours: without them it looks different.
    private static bool IsPicture(byte marker, ReadOnlySpan<byte> data) => marker switch
    {
        0xC4 or 0xCC or 0xDA or 0xDB or 0xDD => true,
        0xE2 => data.StartsWith("ICC_PROFILE\0"u8),
        0xEE => data.Length == 12 && data.StartsWith("Adobe"u8),
        _ => IsFrame(marker),
    };

    private static int EndOfScan(ReadOnlySpan<byte> bytes, int at)
    {
        while (at + 1 < bytes.Length && !(bytes[at] == 0xFF && bytes[at + 1] is not 0x00 and not (>= 0xD0 and <= 0xD7)))
            at++;
        return at;
    }
}
