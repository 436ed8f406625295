using System.Runtime.InteropServices;

namespace WebChat.Load.Lines;

/// <summary>
/// The four calls a load generator lives by, without the runtime's own event loop in between: at millions of deliveries a second
/// that would cost more than the server spends on sending.
/// </summary>
internal static partial class Linux
{
    public const int ErrorAgain = 11;
    private const int DontWait = 0x40, NoSignal = 0x4000;
    private const int Add = 1;
    private const uint Readable = 1, EdgeTriggered = 1u << 31;

    public static int CreateEpoll() => epoll_create1(0) is var epoll and >= 0 ? epoll : throw Failed("epoll_create1");

    /// <summary>Has <see cref="Wait"/> tell of the socket, each time that something more can be read, by this number.</summary>
    public static void Watch(int epoll, int socket, ulong number)
    {
        var wanted = new Ready { Events = Readable | EdgeTriggered, Number = number };
        if (epoll_ctl(epoll, Add, socket, ref wanted) != 0)
            throw Failed("epoll_ctl");
    }

    /// <summary>Fills in which sockets can be read, without waiting for any. Returns how many.</summary>
    public static int Poll(int epoll, Span<Ready> ready) => Math.Max(0, epoll_wait(epoll, ref MemoryMarshal.GetReference(ready), ready.Length, 0));

    /// <summary>Bytes read; 0 at the end; negative where there is nothing to read now.</summary>
    public static int Receive(int socket, Span<byte> into)
    {
        var read = (int)recv(socket, ref MemoryMarshal.GetReference(into), into.Length, DontWait);
        return read < 0 && Marshal.GetLastSystemError() != ErrorAgain ? 0 : read;
    }

    /// <summary>Sends all of it, or throws: what is sent here is so short that a socket which does not take it is broken.</summary>
    public static void Send(int socket, ReadOnlySpan<byte> bytes)
    {
        if (send(socket, ref MemoryMarshal.GetReference(bytes), bytes.Length, DontWait | NoSignal) != bytes.Length)
            throw Failed("send");
    }

    private static LoadException Failed(string call) => new($"{call} failed with error {Marshal.GetLastSystemError()}.");

    [LibraryImport("libc")]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc")]
    private static partial int epoll_ctl(int epoll, int operation, int socket, ref Ready wanted);

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial int epoll_wait(int epoll, ref Ready ready, int most, int milliseconds);

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial nint recv(int socket, ref byte into, nint length, int flags);

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial nint send(int socket, ref readonly byte bytes, nint length, int flags);

    /// <summary><c>struct epoll_event</c>, as the kernel packs it on x64.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    public struct Ready
    {
        public uint Events;
        public ulong Number;
    }
}
