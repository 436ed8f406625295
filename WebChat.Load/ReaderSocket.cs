using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace WebChat.Load;

/// <summary>
/// One tab's socket, by hand: a TCP line, the handshake of RFC 6455, and frames counted where they lie in the buffer. A full
/// WebSocket client would spend more on receiving than the server does on sending.
/// </summary>
internal sealed class ReaderSocket : IDisposable
{
    private const byte Text = 1, CloseFrame = 8, Ping = 9, Pong = 10;

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TaskCompletionSource isOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<long>? seen;
    private byte[] buffer = new byte[16 * 1024];
    private int filled;
    private long deliveries;
    private long lastSeq;

    private ReaderSocket(Action<long>? seen) => this.seen = seen;

    /// <summary>Message fragments that came.</summary>
    public long Deliveries => Volatile.Read(ref deliveries);

    /// <summary>Messages that did not follow the one before; counted on watched sockets only.</summary>
    public int Gaps { get; private set; }

    /// <summary>The server's close code, or 0 while the line is up.</summary>
    public int Closed { get; private set; }

    /// <summary>Connects as the visitor and opens the room after the given change.</summary>
    /// <param name="seen">Gets the stamp of each message that comes (see <see cref="Stamp"/>), which makes this a watched socket; null only counts.</param>
    public static async Task<ReaderSocket> OpenAsync(Uri server, Visitor visitor, long room, long rev, Action<long>? seen, CancellationToken cancel)
    {
        var reader = new ReaderSocket(seen);
        await reader.socket.ConnectAsync(server.Host, server.Port, cancel);
        await reader.ShakeHandsAsync(server, visitor, cancel);
        _ = reader.ReceiveAsync();
        await reader.SendAsync(Text, Encoding.ASCII.GetBytes($$"""{"room":"{{room}}","rev":{{rev}}}"""));
        await reader.SendAsync(Text, "{}"u8.ToArray()); // an unknown action: its answer says that the room is open
        await reader.isOpen.Task.WaitAsync(TimeSpan.FromSeconds(30), cancel);
        return reader;
    }

    /// <summary>What a message begins with, so that whoever sees it knows when it was sent.</summary>
    public static string Stamp(long ticks) => $"sent-at:{ticks:x16} ";

    public void Dispose() => socket.Dispose();

    private async Task ShakeHandsAsync(Uri server, Visitor visitor, CancellationToken cancel)
    {
        var request = string.Join("\r\n",
            "GET /live HTTP/1.1", $"Host: {server.Authority}", $"Origin: {server.GetLeftPart(UriPartial.Authority)}", $"Cookie: {visitor.CookieHeader}",
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", $"Sec-WebSocket-Key: {Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))}", "", "");
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), cancel);
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), cancel);
            if (read == 0)
                throw new LoadException("The server ended a handshake.");
            filled += read;
        }
        if (!buffer.AsSpan().StartsWith("HTTP/1.1 101"u8))
            throw new LoadException($"A handshake was answered \"{Encoding.ASCII.GetString(buffer, 0, buffer.AsSpan().IndexOf((byte)'\r'))}\". Are the limits off (WebChat__Limits__HandshakesPerMinute and SocketsPerUser = 0)?");
        Keep(end + 4);
    }

    private async Task ReceiveAsync()
    {
        try
        {
            do
            {
                Keep(Hear(buffer.AsSpan(0, filled)));
                if (filled == buffer.Length)
                    Array.Resize(ref buffer, 2 * buffer.Length);
                var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
                if (read == 0)
                    break;
                filled += read;
            } while (Closed == 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The line was cut, by either side.
        }
        if (Closed == 0)
            Closed = 1006;
        isOpen.TrySetException(new LoadException($"A socket was closed with {Closed.ToString(CultureInfo.InvariantCulture)} before its room was open."));
    }

    /// <summary>Forgets what was heard, and moves the beginning of the next frame to the front.</summary>
    private void Keep(int from)
    {
        buffer.AsSpan(from, filled - from).CopyTo(buffer);
        filled -= from;
    }

    /// <summary>Takes every whole frame. Returns how many bytes they were.</summary>
    private int Hear(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        var fragments = 0;
        while (bytes.Length - at >= 2)
        {
            var rest = bytes[at..];
            var (header, length) = (rest[1] & 127) switch
            {
                126 when rest.Length >= 4 => (4, BinaryPrimitives.ReadUInt16BigEndian(rest[2..])),
                127 when rest.Length >= 10 => (10, (int)BinaryPrimitives.ReadUInt64BigEndian(rest[2..])),
                126 or 127 => (0, 0),
                var small => (2, small),
            };
            if (header == 0 || rest.Length < header + length)
                break;
            at += header + length;
            var payload = rest.Slice(header, length);
            if (length > 0 && payload[0] == '<')
            {
                fragments++;
                if (seen is not null)
                    Watch(payload);
            }
            else
            {
                Hear(rest[0] & 15, payload);
            }
        }
        Volatile.Write(ref deliveries, deliveries + fragments);
        return at;
    }

    private void Hear(int opcode, ReadOnlySpan<byte> payload)
    {
        if (opcode == Ping)
            _ = SendAsync(Pong, payload.ToArray());
        else if (opcode == CloseFrame)
            Closed = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : 1005;
        else if (!isOpen.Task.IsCompleted && payload.IndexOf("unknown-action"u8) >= 0)
            isOpen.TrySetResult();
    }

    private void Watch(ReadOnlySpan<byte> fragment)
    {
        if (After(fragment, "data-seq=\""u8) is var number && Utf8Parser.TryParse(number, out long seq, out _))
        {
            if (lastSeq != 0 && seq != lastSeq + 1)
                Gaps++;
            lastSeq = seq;
        }
        if (Utf8Parser.TryParse(After(fragment, "sent-at:"u8), out long ticks, out _, 'x'))
            seen!(ticks);
    }

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark) =>
        text.IndexOf(mark) is var at and >= 0 ? text[(at + mark.Length)..] : default;

    /// <summary>Sends a short masked frame; a mask of zeros leaves the payload as it is.</summary>
    private async Task SendAsync(byte opcode, byte[] payload)
    {
        try
        {
            await socket.SendAsync((byte[])[(byte)(0x80 | opcode), (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The line was cut; the receiver notices too, and says so.
        }
    }
}
