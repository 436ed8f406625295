using System.Buffers.Binary;

namespace WebChat.Live;

/// <summary>
/// Counts pings, pongs and close frames in what a line brings (RFC 6455, section 5.2). <see cref="System.Net.WebSockets.WebSocket"/>
/// answers them by itself and never shows them, so that a flood of them would cost its sender nothing.
/// </summary>
internal sealed class ControlFrames
{
    private const int Close = 8, Pong = 10;

    private readonly byte[] header = new byte[10];
    private int have;
    private long skip;

    /// <summary>True once a pong or a close frame began.</summary>
    public bool HasPongOrClose { get; private set; }

    /// <summary>True where the bytes so far end with the end of a frame.</summary>
    public bool IsBetweenFrames => have == 0 && skip == 0;

    /// <returns>How many control frames began in these bytes, which follow those of the last call.</returns>
    public int Count(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (!bytes.IsEmpty)
        {
            if (skip > 0)
            {
                var skipped = (int)Math.Min(skip, bytes.Length);
                skip -= skipped;
                bytes = bytes[skipped..];
                continue;
            }
            header[have++] = bytes[0];
            bytes = bytes[1..];
            if (have < 2 || have < 2 + LengthBytes)
                continue;
            have = 0;
            skip = PayloadLength + MaskLength;
            if ((header[0] & 0x08) != 0)
                count++;
            HasPongOrClose |= (header[0] & 0x0F) is Pong or Close;
        }
        return count;
    }

    private int LengthBytes => (header[1] & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 };

    private int MaskLength => (header[1] & 0x80) != 0 ? 4 : 0;

    private long PayloadLength => LengthBytes switch
    {
        2 => BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)),
        8 => BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(2)) & (long.MaxValue >> 1),
        _ => header[1] & 0x7F,
    };
}
