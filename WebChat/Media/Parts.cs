namespace WebChat.Media;

/// <summary>
/// A file taken apart from front to back: each part is kept, which copies it to the clean file, or passed over. Little of it is in
/// memory at a time, however long it is.
/// </summary>
internal sealed class Parts(Stream from, Stream clean)
{
    /// <summary>Most bytes that can be looked at together: more than a JPEG's longest segment.</summary>
    public const int MostSeen = 66 * 1024;

    private const int LongestTag = 16;

    private static readonly string[] Tags = ["<script", "<html", "<body", "<svg", "<iframe", "<!doctype", "<?php"];

    private readonly byte[] buffer = new byte[MostSeen];
    private int start, end;

    /// <summary>Something that was passed over reads as a page or a program: a picture does not carry these by chance.</summary>
    public bool HasMarkup { get; private set; }

    /// <summary>The next bytes, which stay the next ones; fewer where the file ends. Those that are in memory already are moved for it: who asks for many goes past many.</summary>
    public ReadOnlySpan<byte> Next(int count)
    {
        if (end - start < count)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            end += from.ReadAtLeast(buffer.AsSpan(end), count - end, throwOnEndOfStream: false); // and as many more as come with them
        }
        return buffer.AsSpan(start, Math.Min(count, end - start));
    }

    /// <summary>The next bytes as far as they are in memory: at least so many, where the file does not end.</summary>
    public ReadOnlySpan<byte> AtHand(int least) => end - start < least ? Next(MostSeen) : buffer.AsSpan(start, end - start);

    /// <returns>False when the file ends before.</returns>
    public bool Keep(long count)
    {
        while (count > 0)
        {
            var some = Next((int)Math.Min(count, MostSeen));
            if (some.IsEmpty)
                return false;
            clean.Write(some);
            start += some.Length;
            count -= some.Length;
        }
        return true;
    }

    /// <inheritdoc cref="Keep"/>
    public bool Skip(long count)
    {
        while (count > 0)
        {
            var some = Next((int)Math.Min(count, MostSeen));
            if (some.IsEmpty)
                return false;
            HasMarkup |= IsMarkup(some);
            // What may be the first half of a tag is looked at once more, with the rest.
            var seen = some.Length == count || some.Length <= LongestTag ? some.Length : some.Length - LongestTag;
            start += seen;
            count -= seen;
        }
        return true;
    }

    /// <summary>Puts bytes of our own into the clean file.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => clean.Write(bytes);

    /// <summary>Says something else at a place of the clean file that is written already.</summary>
    public void Rewrite(long at, ReadOnlySpan<byte> bytes)
    {
        clean.Position = at;
        clean.Write(bytes);
        clean.Position = clean.Length;
    }

    private static bool IsMarkup(ReadOnlySpan<byte> bytes)
    {
        for (var at = bytes.IndexOf((byte)'<'); at >= 0; at = bytes.IndexOf((byte)'<'))
        {
            bytes = bytes[at..];
            foreach (var tag in Tags)
            {
                if (bytes.Length >= tag.Length && System.Text.Ascii.EqualsIgnoreCase(bytes[..tag.Length], tag))
                    return true;
            }
            bytes = bytes[1..];
        }
        return false;
    }
}
