using System.Buffers.Binary;

namespace WebChat.Media;

/// <summary>Boxes of length, name and content, some of which are boxes again (ISO 14496-12; QuickTime is its elder).</summary>
internal sealed class Mp4File
{
    /// <summary>A minute of a recording is some hundred; beyond these, somebody wants to keep us busy.</summary>
    private const int MostBoxes = 20_000;

    private const int Deepest = 4;

    private static readonly byte[] Nothing = new byte[4096];

    private readonly Stream file;
    private int boxes;
    private bool hasVideo, hasAudio;
    private (int Width, int Height)? size;
    private double? seconds;

    private Mp4File(Stream file) => this.file = file;

    /// <summary>Boxes that tell more than the film, place, camera, comments: where their names stand, and what is in them.</summary>
    private List<(long Name, long From, long To)> Told { get; } = [];

    public static bool Is(ReadOnlySpan<byte> head) => head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8);

    /// <summary>Copies a film or a recording, and makes empty space of what tells more than that.</summary>
    /// <returns>Null when the boxes do not add up, or neither picture nor sound is in them.</returns>
    public static MediaFacts? Copy(Stream file, Stream clean)
    {
        var film = new Mp4File(file);
        var head = new byte[12];
        file.Position = 0;
        file.ReadExactly(head);
        if (!film.Walk(0, file.Length, 0) || !(film.hasVideo || film.hasAudio))
            return null;
        file.Position = 0;
        file.CopyTo(clean);
        foreach (var (name, from, to) in film.Told)
        {
            clean.Position = name;
            clean.Write("free"u8);
            clean.Position = from;
            for (var left = to - from; left > 0; left -= Nothing.Length)
                clean.Write(Nothing, 0, (int)Math.Min(left, Nothing.Length));
        }
        var isQuickTime = head.AsSpan(8).SequenceEqual("qt  "u8);
        return new MediaFacts(film.hasVideo ? MediaKind.Video : MediaKind.Audio, !film.hasVideo ? "audio/mp4" : isQuickTime ? "video/quicktime" : "video/mp4")
        {
            Width = film.hasVideo ? film.size?.Width : null,
            Height = film.hasVideo ? film.size?.Height : null,
            Seconds = film.seconds,
        };
    }

    private bool Walk(long at, long end, int depth)
    {
        Span<byte> head = stackalloc byte[16];
        while (at < end)
        {
            if (++boxes > MostBoxes || end - at < 8)
                return false;
            file.Position = at;
            var read = file.ReadAtLeast(head, 8, throwOnEndOfStream: false);
            long length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var inner = at + 8;
            if (length == 1 && read == 16)
            {
                length = BinaryPrimitives.ReadInt64BigEndian(head[8..]);
                inner += 8;
            }
            else if (length == 0 && depth == 0)
            {
                length = end - at; // the last one says: until the end
            }
            if (length < inner - at || length > end - at || !Take(head.Slice(4, 4), at + 4, inner, at + length, depth))
                return false;
            at += length;
        }
        return true;
    }

    private bool Take(ReadOnlySpan<byte> name, long nameAt, long from, long to, int depth)
    {
        if (name.ContainsAnyExceptInRange((byte)' ', (byte)'~') && name[0] != 0xA9)
            return false;
        if (name.SequenceEqual("udta"u8) || name.SequenceEqual("meta"u8) || name.SequenceEqual("uuid"u8))
            Told.Add((nameAt, from, to));
        else if (depth < Deepest && (name.SequenceEqual("moov"u8) || name.SequenceEqual("trak"u8) || name.SequenceEqual("mdia"u8)))
            return Walk(from, to, depth + 1);
        else if (name.SequenceEqual("mvhd"u8) && Read(from, to, 32) is { Length: 32 } movie)
            seconds = Duration(movie);
        else if (name.SequenceEqual("hdlr"u8) && Read(from, to, 12) is { Length: 12 } handler)
            (hasVideo, hasAudio) = (hasVideo || handler.AsSpan(8).SequenceEqual("vide"u8), hasAudio || handler.AsSpan(8).SequenceEqual("soun"u8));
        else if (name.SequenceEqual("tkhd"u8) && Read(Math.Max(from, to - 44), to, 44) is { Length: 44 } track)
            size = Size(track) ?? size;
        return true;
    }

    private byte[] Read(long from, long to, int most)
    {
        var bytes = new byte[Math.Min(most, to - from)];
        file.Position = from;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static double? Duration(ReadOnlySpan<byte> movie)
    {
        var isLong = movie[0] == 1;
        var scale = BinaryPrimitives.ReadUInt32BigEndian(movie[(isLong ? 20 : 12)..]);
        var duration = isLong ? BinaryPrimitives.ReadUInt64BigEndian(movie[24..]) : BinaryPrimitives.ReadUInt32BigEndian(movie[16..]);
        return scale == 0 || duration is 0 or uint.MaxValue or ulong.MaxValue ? null : (double)duration / scale;
    }

    /// <summary>A matrix and the size, both in fixed point; turned by a quarter, width and height change places.</summary>
    private static (int, int)? Size(ReadOnlySpan<byte> end)
    {
        var (width, height) = (BinaryPrimitives.ReadUInt16BigEndian(end[36..]), BinaryPrimitives.ReadUInt16BigEndian(end[40..]));
        var isTurned = BinaryPrimitives.ReadInt32BigEndian(end) == 0 && BinaryPrimitives.ReadInt32BigEndian(end[16..]) == 0;
        return width == 0 || height == 0 ? null : isTurned ? (height, width) : (width, height);
    }
}
