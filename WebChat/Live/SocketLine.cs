using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace WebChat.Live;

/// <summary>
/// A line taken out of HTTP that writes to its socket without a wait: a write goes to the kernel in the call that asks for it, and only
/// what does not fit there waits. Going through the server's pipes instead costs about as much again as the call itself. Reads
/// stay with the server.
/// </summary>
/// <remarks>
/// The server may still have the answer to the handshake on its way to the socket. So a ping is the last thing that goes through its pipes, and
/// nothing is written before it was answered: what was before the ping has left by then. Who answers what was never asked garbles their own line.
/// </remarks>
internal sealed class SocketLine : LineStream
{
    /// <summary>What may come before the first ping is answered, in bytes.</summary>
    public const int MostBefore = 2 * LiveEndpoint.MostBytesUp;

    /// <summary>How long the first ping may go without an answer.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);

    private static readonly byte[] Ping = [0x89, 0];

    private readonly PipeReader input;
    private readonly PipeWriter output;
    private readonly Socket socket;
    private volatile bool isOver;

    /// <summary>The line of a connection that was taken out of HTTP. Nothing is to be written to it before <see cref="BeginAsync"/>.</summary>
    public SocketLine(ConnectionContext connection)
    {
        (input, output) = (connection.Transport.Input, connection.Transport.Output);
        socket = connection.Features.Get<IConnectionSocketFeature>()!.Socket;
    }

    /// <summary>Waits until the socket is this line's alone.</summary>
    /// <returns>False where the other side does not answer: it is to be left.</returns>
    public async Task<bool> BeginAsync(TimeProvider clock)
    {
        using var limit = new CancellationTokenSource(AnswerWithin, clock);
        var frames = new ControlFrames();
        var seen = 0L;
        try
        {
            socket.Blocking = false;
            await output.WriteAsync(Ping, limit.Token);
            while (true)
            {
                var read = await input.ReadAsync(limit.Token);
                foreach (var some in read.Buffer.Slice(seen))
                    frames.Count(some.Span);
                seen = read.Buffer.Length;
                var isAnswered = frames.HasPongOrClose;
                input.AdvanceTo(read.Buffer.Start, isAnswered ? read.Buffer.Start : read.Buffer.End); // all of it is still to be heard
                if (isAnswered || read.IsCompleted || seen > MostBefore)
                    return isAnswered;
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Reads what there is; with no buffer, it waits until there is something and holds no memory meanwhile. A line that broke is at its end.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadResult read;
        try
        {
            read = await input.ReadAsync(cancellationToken);
        }
        catch (Exception error) when (error is ConnectionResetException or ConnectionAbortedException)
        {
            isOver = true;
            return 0;
        }
        isOver = read.IsCompleted && read.Buffer.IsEmpty;
        var taken = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
        var length = (int)taken.Length;
        taken.CopyTo(buffer.Span);
        input.AdvanceTo(taken.End);
        return length;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (isOver)
            return default; // nobody is there to hear it
        var sent = Send(buffer.Span);
        return sent == buffer.Length ? default : WriteRestAsync(buffer[sent..], cancellationToken);
    }

    /// <summary>Hands over what the kernel takes now. Returns how many bytes that is.</summary>
    private int Send(ReadOnlySpan<byte> bytes)
    {
        var sent = socket.Send(bytes, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => sent,
            SocketError.WouldBlock => 0,
            _ => throw new IOException("The line is broken.", new SocketException((int)error)),
        };
    }

    private async ValueTask WriteRestAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancel)..];
        }
        catch (SocketException error)
        {
            throw new IOException("The line is broken.", error);
        }
    }
}
