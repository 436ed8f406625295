using System.Buffers.Binary;

namespace WebChat.Load.Lines;

/// <summary>
/// Walks over the frames of one socket as they come, wherever the pieces are cut (RFC 6455, section 5.2): from header to header, so that a
/// payload is not touched but where it is short enough to be for the socket itself, such as a ping.
/// </summary>
internal struct FrameWalk
{
    /// <summary>Longest payload that is handed out.</summary>
    public const int Short = 125;

    private const int LongestHeader = 10;

    private byte[]? begun;
    private int filled;
    private long skip;

    /// <summary>What breaks the protocol: a masked frame, a reserved bit, an unknown opcode.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Goes on with what came. <paramref name="hear"/> gets the opcode and payload of every frame of at most <see cref="Short"/> bytes.</summary>
    public void Walk(ReadOnlySpan<byte> bytes, Action<int, byte[]> hear)
    {
        while (!bytes.IsEmpty && !IsBroken)
        {
            if (skip > 0)
            {
                var step = (int)Math.Min(skip, bytes.Length);
                bytes = bytes[step..];
                skip -= step;
                continue;
            }
            var frame = filled > 0 ? Begun(bytes) : bytes;
            if (Header(frame) is not { } head || (head.Length <= Short && frame.Length < head.Size + head.Length))
            {
                Keep(frame);
                return;
            }
            if (head.Length <= Short)
                hear(head.Opcode, frame.Slice(head.Size, (int)head.Length).ToArray());
            var rest = head.Size + head.Length - filled; // what of it came now, or is still to come
            filled = 0;
            skip = Math.Max(0, rest - bytes.Length);
            bytes = bytes[(int)Math.Min(rest, bytes.Length)..];
        }
    }

    /// <summary>What came of the frame before, and as much of the new bytes as a header or a short frame could need.</summary>
    private readonly ReadOnlySpan<byte> Begun(ReadOnlySpan<byte> bytes)
    {
        var more = Math.Min(begun!.Length - filled, bytes.Length);
        bytes[..more].CopyTo(begun.AsSpan(filled));
        return begun.AsSpan(0, filled + more);
    }

    private void Keep(ReadOnlySpan<byte> frame)
    {
        begun ??= new byte[LongestHeader + Short];
        if (filled == 0)
            frame.CopyTo(begun);
        filled = frame.Length;
    }

    private (int Opcode, int Size, long Length)? Header(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 2)
            return null;
        var opcode = frame[0] & 15;
        IsBroken |= (frame[0] & 0x70) != 0 || (frame[1] & 0x80) != 0 || opcode is > 2 and < 8 or > 10;
        return (frame[1] & 127) switch
        {
            126 => frame.Length < 4 ? null : (opcode, 4, BinaryPrimitives.ReadUInt16BigEndian(frame[2..])),
            127 => frame.Length < 10 ? null : (opcode, 10, BinaryPrimitives.ReadInt64BigEndian(frame[2..])),
            var small => (opcode, 2, small),
        };
    }
}
