using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace WebChat.Live;

/// <summary>
/// A WebSocket message as it goes over the wire: one unmasked final frame (RFC 6455, section 5.2), header in front.
/// Built once and shared by every receiver.
/// </summary>
internal static class Frame
{
    private const byte FinalText = 0x81;
    private const int LongestHeader = 10;

    /// <summary>Frames UTF-8 text.</summary>
    public static ReadOnlyMemory<byte> Text(ReadOnlySpan<byte> text)
    {
        var header = HeaderLength(text.Length);
        var frame = GC.AllocateUninitializedArray<byte>(header + text.Length);
        WriteHeader(frame, text.Length);
        text.CopyTo(frame.AsSpan(header));
        return frame;
    }

    /// <summary>Frames what <paramref name="write"/> writes.</summary>
    public static ReadOnlyMemory<byte> Text<TState>(TState state, Action<TState, IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        write(state, buffer);
        var length = buffer.WrittenCount;
        var header = HeaderLength(length);
        var frame = GC.AllocateUninitializedArray<byte>(header + length);
        WriteHeader(frame, length);
        buffer.WrittenSpan.CopyTo(frame.AsSpan(header));
        return frame;
    }

    /// <summary>Frames a JSON object; <paramref name="write"/> fills it.</summary>
    public static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write) =>
        Text(write, static (fill, buffer) =>
        {
            using var json = new Utf8JsonWriter(buffer);
            json.WriteStartObject();
            fill(json);
            json.WriteEndObject();
        });

    /// <summary><c>{"error":"unknown-room"}</c> and its like.</summary>
    public static ReadOnlyMemory<byte> Error(string error) => Json(json => json.WriteString("error", error));

    private static int HeaderLength(int length) => length < 126 ? 2 : length <= ushort.MaxValue ? 4 : LongestHeader;

    private static void WriteHeader(Span<byte> frame, int length)
    {
        frame[0] = FinalText;
        switch (HeaderLength(length))
        {
            case 2:
                frame[1] = (byte)length;
                break;
            case 4:
                frame[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)length);
                break;
            default:
                frame[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(frame[2..], (ulong)length);
                break;
        }
    }
}
