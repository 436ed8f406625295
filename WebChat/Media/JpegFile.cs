using System.Buffers.Binary;

namespace WebChat.Media;

/// <summary>
/// Markers, most with a length and data; after a start of scan the picture itself, in which FF is followed by 00 or a restart mark
/// (ITU T.81, annex B).
/// </summary>
internal static class JpegFile
{
    private const byte StartOfScan = 0xDA;
    private const byte End = 0xD9;

    /// <summary>A picture that comes gradually has some ten; each is work for whoever looks at it.</summary>
    private const int MostScans = 1_000;

    public static ReadOnlySpan<byte> Signature => [0xFF, 0xD8, 0xFF];

    /// <returns>Its size as it is shown, or null when the segments do not add up to a picture.</returns>
    public static (int Width, int Height)? Copy(Parts parts)
    {
        (int Width, int Height)? size = null;
        var (turn, scans) = (0, 0);
        parts.Keep(2);
        while (true)
        {
            var head = parts.Next(4);
            if (head.Length < 2 || head[0] != 0xFF)
                return null;
            var marker = head[1];
            if (marker == 0xFF) // a fill byte
            {
                parts.Skip(1);
                continue;
            }
            if (marker == End)
            {
                parts.Keep(2);
                return turn >= 5 && size is { } lying ? (lying.Height, lying.Width) : size;
            }
            var length = head.Length < 4 ? 0 : 2 + BinaryPrimitives.ReadUInt16BigEndian(head[2..]);
            var segment = parts.Next(length);
            if (length < 4 || segment.Length < length)
                return null;
            var data = segment[4..];
            if (IsFrame(marker))
            {
                // The size that counts is the one a browser goes by: of two headers, who knows which.
                if (size is not null || data.Length < 6)
                    return null;
                size = (BinaryPrimitives.ReadUInt16BigEndian(data[3..]), BinaryPrimitives.ReadUInt16BigEndian(data[1..]));
            }
            if (marker == StartOfScan && (size is null || ++scans > MostScans))
                return null;
            if (marker == 0xE1 && turn == 0 && (turn = Turn(data)) > 1)
                WriteTurn(parts, turn);
            if (IsJfif(marker, data))
            {
                parts.Write([0xFF, marker, 0, 16, .. data[..12], 0, 0]); // its small copy, 0 by 0 from now on, may show what was cut away
                parts.Skip(length);
            }
            else if (IsPicture(marker, data))
            {
                parts.Keep(length);
            }
            else
            {
                parts.Skip(length);
            }
            if (marker == StartOfScan)
                CopyScan(parts);
        }
    }

    /// <summary>
    /// True for what cameras put behind a picture's end, and what is cut off: a second picture (the light of the first, or its depth), a
    /// short film, Samsung's notes.
    /// </summary>
    /// <param name="rest">From its first byte that is not 0 on.</param>
    public static bool IsTrailer(ReadOnlySpan<byte> rest)
    {
        var head = rest[..Math.Min(24, rest.Length)];
        return head.StartsWith(Signature) || head.IndexOf("ftyp"u8) == 1 || head.IndexOf("Image_UTC_Data"u8) > 0;
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

    private static void CopyScan(Parts parts)
    {
        while (true)
        {
            var some = parts.AtHand(2);
            var at = 0;
            while (at + 1 < some.Length && !(some[at] == 0xFF && some[at + 1] is not 0x00 and not (>= 0xD0 and <= 0xD7)))
                at++;
            parts.Keep(at);
            if (at + 1 < some.Length || some.Length < 2)
                return;
        }
    }

    /// <summary>How a camera was held: 1 upright, 2 to 8 mirrored or turned, from 5 on lying (Exif 2.3, tag 274); 0 where it does not say.</summary>
    private static int Turn(ReadOnlySpan<byte> data)
    {
        if (data.Length < 16 || !data.StartsWith("Exif\0\0"u8))
            return 0;
        var tiff = data[6..];
        var isLittle = tiff[0] == (byte)'I';
        var directory = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return 0;
        var entries = tiff[((int)directory + 2)..];
        for (var left = Short(tiff[(int)directory..], isLittle); left > 0 && entries.Length >= 12; left--, entries = entries[12..])
        {
            if (Short(entries, isLittle) == 274)
                return Short(entries[8..], isLittle) is var turn and <= 8 ? turn : 0;
        }
        return 0;
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    /// <summary>All that is left of what the camera wrote: which side is up.</summary>
    private static void WriteTurn(Parts parts, int turn) =>
        parts.Write([0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*\0\0\0\u0008\0\u0001"u8, 1, 18, 0, 3, 0, 0, 0, 1, 0, (byte)turn, 0, 0, 0, 0, 0, 0]);
}
