using System.Net.Sockets;

namespace WebChat.Load.Lines;

/// <summary>A running server that passes messages on to everybody: how one reads there, and how one writes.</summary>
internal abstract class Target : IDisposable
{
    /// <summary>Stands once in each message as it arrives, and is how arrivals are counted.</summary>
    public const byte Mark = (byte)'|';

    /// <summary>Comes before the moment of sending: sixteen digits of a <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public static ReadOnlySpan<byte> StampMark => "@@"u8;

    public const int StampLength = 16;

    public required Server Server { get; init; }

    /// <summary>Opens the socket numbered <paramref name="number"/> and waits until it is sure to get what is written from now on.</summary>
    public abstract Task<Socket> OpenAsync(int number, CancellationToken cancel);

    /// <summary>Those who write, over the sockets of readers or lines of their own.</summary>
    public abstract Task<Writers> WritersAsync(IReadOnlyList<Socket> readers, int inFlight, CancellationToken cancel);

    /// <summary>What to answer to a short frame of the server that wants an answer, masked; or null.</summary>
    public virtual byte[]? Answer(int opcode, byte[] payload) => opcode == ClientFrame.Ping ? ClientFrame.Of(ClientFrame.Pong, payload) : null;

    public virtual void Dispose() => Server.Dispose();
}

/// <summary>Writes messages, each with the moment at which it was sent.</summary>
internal abstract class Writers
{
    /// <summary>Lines of their own, to be watched together with the readers.</summary>
    public virtual IReadOnlyList<Socket> Lines => [];

    /// <summary>Called with the stamp of what was written and the answer to it, where there is one.</summary>
    public Action<long, byte[]>? Answered { get; set; }

    /// <summary>Writes one. False where all are still waiting for an answer.</summary>
    public abstract bool TryWrite(long stamp);

    /// <summary>Something can be read at this line.</summary>
    public virtual void Hear(int line)
    {
    }

    /// <summary>Puts a stamp in its place.</summary>
    protected static void Stamp(Span<byte> place, long stamp)
    {
        for (var i = Target.StampLength - 1; i >= 0; i--, stamp >>= 4)
            place[i] = "0123456789abcdef"u8[(int)(stamp & 15)];
    }
}

/// <summary>A frame as clients send it. A mask of zeros leaves the payload as it is.</summary>
internal static class ClientFrame
{
    public const int Text = 1, Ping = 9, Pong = 10;

    public static byte[] Of(int opcode, ReadOnlySpan<byte> payload)
    {
        byte[] length = payload.Length < 126 ? [(byte)(0x80 | payload.Length)] : [0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length];
        return [(byte)(0x80 | opcode), .. length, 0, 0, 0, 0, .. payload];
    }
}
