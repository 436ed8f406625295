using System.Net.WebSockets;

namespace WebChat.Live;

/// <summary>What a <see cref="WebSocket"/> sees of a connection's line: it reads from there, but its pongs, pings and close frames wait their turn.</summary>
internal sealed class GatedStream(Connection connection, Stream line, TimeProvider clock) : LineStream
{
    /// <summary>A close frame without a reason, as the other side sends it.</summary>
    private static readonly byte[] Goodbye = [0x88, 0x80, 0, 0, 0, 0];

    private readonly ControlFrames control = new();
    private long second;
    private int inSecond;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = await line.ReadAsync(buffer, cancellationToken);
        if (length == 0 && control.IsBetweenFrames && buffer.Length >= Goodbye.Length)
        {
            // A line that just ends is heard as one that says goodbye: the WebSocket would throw, through all who wait for it, and lines end by thousands.
            Goodbye.CopyTo(buffer);
            length = Goodbye.Length;
        }
        if (control.Count(buffer.Span[..length]) is var count and > 0)
            Count(count);
        return length;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        connection.SendControl(buffer.ToArray());
        return default;
    }

    /// <summary>A <see cref="WebSocket"/> whose ping was not answered in time lets go of its stream, and goes on to read it: that has to end.</summary>
    protected override void Dispose(bool disposing)
    {
        connection.Cut();
        base.Dispose(disposing);
    }

    private void Count(int frames)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        inSecond = now == second ? inSecond + frames : frames;
        second = now;
        if (inSecond >= Connection.MostFramesPerSecond)
            connection.Close(CloseCode.Misuse, "too fast");
    }
}
