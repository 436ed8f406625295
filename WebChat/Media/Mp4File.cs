using System.Buffers.Binary;

namespace WebChat.Media;

/// <summary>Boxes of length, name and content, some of which are boxes again (ISO 14496-12; QuickTime is its elder).</summary>
internal sealed class Mp4File
{
    /// <summary>A minute of a recording is some hundred; beyond these, somebody wants to keep us busy.</summary>
    private const int MostBoxes = 20_000;

    /// <summary>Bytes of a table of a track that is only emptied: a sample each second makes some thousand of them in an hour.</summary>
    private const int MostTable = 1024 * 1024;

    /// <summary>Pieces of such tracks.</summary>
    private const int MostChunks = 20_000;

    private static readonly byte[] Nothing = new byte[4096];

    private readonly Stream file;
    private int boxes;
    private long emptiedChunks;
    private bool hasVideo, hasAudio, hasFragments, hasHidden, isTelling;
    private (int Width, int Height)? size;
    private double? seconds;

    // Of the track that is being read.
    private bool isShown;
    private (long From, long To)? samples;

    private Mp4File(Stream file) => this.file = file;

    /// <summary>Boxes that tell more than the film, place, camera, comments, whole tracks of them: where their names stand.</summary>
    private List<long> Freed { get; } = [];

    /// <summary>What is in those boxes, and what they lead to.</summary>
    private List<(long From, long To)> Emptied { get; } = [];

    public static bool Is(ReadOnlySpan<byte> head) => head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8);

    /// <summary>Copies a film or a recording, and makes empty space of what tells more than that.</summary>
    /// <returns>Null when the boxes do not add up, or neither picture nor sound is in them; <see cref="MediaFacts.Telling"/> when something else is, of which it cannot be said where it ends.</returns>
    public static MediaFacts? Copy(Stream file, Stream clean)
    {
        var film = new Mp4File(file);
        var head = new byte[12];
        file.Position = 0;
        file.ReadExactly(head);
        if (!film.Walk(0, file.Length, 0))
            return null;
        if (film.isTelling || (film.hasHidden && (film.hasFragments || !film.Fits(file.Length))))
            return MediaFacts.Telling;
        if (!(film.hasVideo || film.hasAudio))
            return film.hasHidden ? MediaFacts.Telling : null;
        file.Position = 0;
        file.CopyTo(clean);
        foreach (var name in film.Freed)
        {
            clean.Position = name;
            clean.Write("free"u8);
        }
        foreach (var (from, to) in film.Emptied)
        {
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
            Free(nameAt, from, to);
        else if ((depth == 0 && name.SequenceEqual("moov"u8)) || (depth == 2 && name.SequenceEqual("mdia"u8)))
            return Walk(from, to, depth + 1);
        else if (depth == 1 && name.SequenceEqual("trak"u8))
            return WalkTrack(nameAt, from, to);
        else if (depth == 3 && name.SequenceEqual("minf"u8))
            samples = (from, to);
        else if (name.SequenceEqual("moof"u8))
            hasFragments = true;
        else if (name.SequenceEqual("mvhd"u8) && Read(from, to, 32) is { Length: 32 } movie)
            seconds = Duration(movie);
        else if (depth == 3 && name.SequenceEqual("hdlr"u8) && Read(from, to, 12) is { Length: 12 } handler)
            Show(handler.AsSpan(8).SequenceEqual("vide"u8), handler.AsSpan(8).SequenceEqual("soun"u8));
        else if (name.SequenceEqual("tkhd"u8) && Read(Math.Max(from, to - 44), to, 44) is { Length: 44 } track)
            size = Size(track) ?? size;
        return true;
    }

    /// <summary>A track that is neither seen nor heard is emptied: phones and action cameras write in such ones where they were, each second.</summary>
    private bool WalkTrack(long nameAt, long from, long to)
    {
        (isShown, samples) = (false, null);
        if (!Walk(from, to, 2))
            return false;
        if (isShown)
            return true;
        hasHidden = true;
        isTelling |= samples is var (at, end) && !EmptySamples(at, end);
        Free(nameAt, from, to);
        return true;
    }

    private void Show(bool isVideo, bool isAudio)
    {
        isShown |= isVideo || isAudio;
        (hasVideo, hasAudio) = (hasVideo || isVideo, hasAudio || isAudio);
    }

    private void Free(long nameAt, long from, long to)
    {
        Freed.Add(nameAt);
        Emptied.Add((from, to));
    }

    /// <summary>False where so much would be emptied that its parts must lie one on another: somebody wants to keep us busy.</summary>
    private bool Fits(long length) => Emptied.Sum(part => part.To - part.From) <= 2 * length;

    /// <summary>Finds where a track's samples stand: in chunks, each at a place, of so many samples, each of a size (ISO 14496-12, 8.7).</summary>
    /// <returns>False when that cannot be said for sure.</returns>
    private bool EmptySamples(long from, long to)
    {
        if (Find("stbl"u8, from, to) is not var (first, last)
            || Table("stsz"u8, first, last) is not { Length: >= 12 } sizes || Table("stsc"u8, first, last) is not { Length: >= 8 } runs)
            return false;
        var isLong = Find("co64"u8, first, last) is not null;
        if (Table(isLong ? "co64"u8 : "stco"u8, first, last) is not { Length: >= 8 } places)
            return false;
        var (size, count) = (Number(sizes, 4), Number(sizes, 8));
        var (chunks, wide) = (Number(places, 4), isLong ? 8 : 4);
        if ((emptiedChunks += chunks) > MostChunks || size > file.Length
            || places.Length < 8 + (chunks * wide) || runs.Length < 8 + (Number(runs, 4) * 12) || (size == 0 && sizes.Length < 12 + (count * 4)))
            return false;
        var (sample, run, inChunk) = (0L, 0L, 0L);
        for (var chunk = 0L; chunk < chunks; chunk++)
        {
            for (; run < Number(runs, 4) && Number(runs, 8 + (run * 12)) <= chunk + 1; run++)
                inChunk = Number(runs, 12 + (run * 12));
            if (sample + inChunk > count)
                return false;
            var length = size * inChunk;
            for (var i = sample; size == 0 && i < sample + inChunk; i++)
                length += Number(sizes, 12 + (i * 4));
            sample += inChunk;
            var place = isLong ? BinaryPrimitives.ReadInt64BigEndian(places.AsSpan((int)(8 + (chunk * 8)))) : Number(places, 8 + (chunk * 4));
            if (place < 0 || length > file.Length || place > file.Length - length)
                return false;
            Emptied.Add((place, place + length));
        }
        return sample == count;
    }

    private static long Number(byte[] table, long at) => BinaryPrimitives.ReadUInt32BigEndian(table.AsSpan((int)at));

    private byte[]? Table(ReadOnlySpan<byte> name, long from, long to) =>
        Find(name, from, to) is var (first, last) && last - first <= MostTable ? Read(first, last, MostTable) : null;

    /// <summary>What is in the first box of that name.</summary>
    private (long From, long To)? Find(ReadOnlySpan<byte> name, long from, long to)
    {
        while (to - from >= 8 && ++boxes <= MostBoxes)
        {
            var head = Read(from, to, 8);
            var length = Number(head, 0);
            if (length < 8 || length > to - from)
                return null;
            if (head.AsSpan(4).SequenceEqual(name))
                return (from + 8, from + length);
            from += length;
        }
        return null;
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
