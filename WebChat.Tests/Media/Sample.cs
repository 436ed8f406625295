using System.Buffers.Binary;
using System.Text;

namespace WebChat.Tests.Media;

/// <summary>Small files as browsers make them, and what can be done to them.</summary>
internal static class Sample
{
    /// <summary>6 by 4.</summary>
    public static byte[] Png => Read("picture.png");

    /// <summary>6 by 4.</summary>
    public static byte[] Jpeg => Read("picture.jpg");

    /// <summary>6 by 4, with a colour profile.</summary>
    public static byte[] Webp => Read("picture.webp");

    /// <summary>2 by 1, of two images that take turns.</summary>
    public static byte[] Gif => Read("picture.gif");

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Media", "Samples", name));

    /// <summary>A picture's size, said otherwise in its header.</summary>
    public static byte[] PngOf(int width, int height)
    {
        var png = Png;
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        return png;
    }

    public static byte[] PngWith(string chunk, ReadOnlySpan<byte> data)
    {
        var (length, png) = (new byte[4], Png);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        return [.. png[..33], .. length, .. Encoding.ASCII.GetBytes(chunk), .. data, 0, 0, 0, 0, .. png[33..]];
    }

    public static byte[] JpegWith(byte marker, ReadOnlySpan<byte> data)
    {
        var jpeg = Jpeg;
        return [.. jpeg[..20], 0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data, .. jpeg[20..]];
    }

    /// <summary>With a block before its first image.</summary>
    public static byte[] GifWith(ReadOnlySpan<byte> block) => [.. Gif[..19], .. block, .. Gif[19..]];

    /// <summary>With a chunk behind all others.</summary>
    public static byte[] WebpWith(string chunk, ReadOnlySpan<byte> data)
    {
        byte[] webp = [.. Webp, .. Encoding.ASCII.GetBytes(chunk), (byte)data.Length, 0, 0, 0, .. data, .. new byte[data.Length & 1]];
        BinaryPrimitives.WriteInt32LittleEndian(webp.AsSpan(4), webp.Length - 8);
        return webp;
    }

    /// <summary>A picture that moves: each image is one of 2 by 2 pixels without content.</summary>
    public static byte[] MovingWebp(int width, int height)
    {
        byte[] webp =
        [
            .. "RIFF\0\0\0\0WEBPVP8X"u8, 10, 0, 0, 0, 0x0E, 0, 0, 0, (byte)(width - 1), 0, 0, (byte)(height - 1), 0, 0,
            .. "ANIM"u8, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            .. Frame, .. Frame, .. "EXIF"u8, 6, 0, 0, 0, .. "secret"u8,
        ];
        BinaryPrimitives.WriteInt32LittleEndian(webp.AsSpan(4), webp.Length - 8);
        return webp;
    }

    private static byte[] Frame => [.. "ANMF"u8, 24, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 9, 0, 0, 0, .. "VP8L\0\0\0\0"u8];

    public static byte[] Box(string name, params byte[][] content)
    {
        byte[] box = [0, 0, 0, 0, .. Encoding.Latin1.GetBytes(name), .. content.SelectMany(c => c)];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        return box;
    }

    /// <summary>A film as phones write it: 640 by 360 held upright, 90 seconds, and where it was taken.</summary>
    public static byte[] Mp4(string brand = "isom")
    {
        var movie = new byte[100];
        BinaryPrimitives.WriteInt32BigEndian(movie.AsSpan(12), 1_000);
        BinaryPrimitives.WriteInt32BigEndian(movie.AsSpan(16), 90_400);
        var track = new byte[84];
        BinaryPrimitives.WriteInt32BigEndian(track.AsSpan(44), 0x10000); // a quarter to the right
        BinaryPrimitives.WriteInt32BigEndian(track.AsSpan(52), -0x10000);
        BinaryPrimitives.WriteInt16BigEndian(track.AsSpan(76), 640);
        BinaryPrimitives.WriteInt16BigEndian(track.AsSpan(80), 360);
        byte[] handler = [.. new byte[8], .. "vide"u8, .. new byte[12]];
        return
        [
            .. Box("ftyp", [.. Encoding.ASCII.GetBytes(brand), 0, 0, 0, 0]),
            .. Box("mdat", [.. "the film itself"u8]),
            .. Box("moov",
                Box("mvhd", movie),
                Box("trak", Box("tkhd", track), Box("mdia", Box("hdlr", handler)), Box("udta", [.. "name"u8])),
                Box("udta", Box("\u00A9xyz", [.. "+59.33+018.06/"u8])),
                Box("meta", [.. "com.apple.quicktime.location.ISO6709"u8])),
        ];
    }

    /// <summary>A film of a camera that writes down where it was, in a track of its own: its pieces stand among those of the film.</summary>
    /// <param name="times">How often the last place is in it.</param>
    public static byte[] FilmOfPlaces(int times = 1)
    {
        byte[] ftyp = Box("ftyp", [.. "isom\0\0\0\0"u8]);
        byte[] media = [.. "the film itself"u8, .. "place one"u8, .. "film again"u8, .. "place two"u8];
        var at = ftyp.Length + 8;
        var (first, second) = (at + media.AsSpan().IndexOf("place one"u8), at + media.AsSpan().IndexOf("place two"u8));
        var table = Box("stbl",
            Box("stsz", Numbers([0, 0, 1 + times, 9, .. Enumerable.Repeat(9, times)])), Box("stsc", Numbers(0, 1, 1, 1, 1)), Box("stco", Numbers([0, 1 + times, first, .. Enumerable.Repeat(second, times)])));
        return
        [
            .. ftyp,
            .. Box("mdat", media),
            .. Box("moov",
                Box("trak", Box("tkhd", [.. new byte[40], 0, 1, 0, 0, .. new byte[12], 0, 1, 0, 0, .. new byte[16], 2, 128, 0, 0, 1, 104, 0, 0]), Box("mdia", Box("hdlr", [.. new byte[8], .. "vide"u8, .. new byte[12]]))),
                Box("trak", Box("mdia", Box("hdlr", [.. new byte[8], .. "meta"u8, .. new byte[12]]), Box("minf", Box("gmhd"), table)))),
        ];

        static byte[] Numbers(params int[] numbers) => [.. numbers.SelectMany(n => new[] { (byte)(n >> 24), (byte)(n >> 16), (byte)(n >> 8), (byte)n })];
    }

    /// <summary>8,000 samples of one byte a second.</summary>
    public static byte[] Wav(int seconds) =>
        [.. "RIFF\0\0\0\0WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x40, 0x1F, 0, 0, 1, 0, 8, 0, .. "data\0\0\0\0"u8, .. new byte[8_000 * seconds]];

    /// <summary>Two frames of silence: 128 kbit/s, 44.1 kHz.</summary>
    public static byte[] Mp3 => [.. Mp3Frame, .. Mp3Frame];

    private static byte[] Mp3Frame => [0xFF, 0xFB, 0x90, 0x00, .. new byte[413]];

    public static byte[] Ogg => [.. "OggS\0\u0002"u8, .. new byte[22], .. "OpusHead"u8, .. new byte[20]];
}
