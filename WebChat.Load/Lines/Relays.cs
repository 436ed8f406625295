using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WebChat.Load.Lines;

/// <summary>A server that sends each frame on to everybody, as it came: <c>ws</c>, gorilla, the bare C writer.</summary>
internal class Relay : Target
{
    private const int Posters = 16;

    private static readonly JsonSerializerOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Bytes of a message, the same that WebChat sends.</summary>
    public required int MessageSize { get; init; }

    protected virtual string Path => "/";

    public override async Task<Socket> OpenAsync(int number, CancellationToken cancel)
    {
        var socket = await Handshake.OpenAsync(Server, Path, [], isPinged: false, cancel);
        await GreetAsync(socket, cancel);
        return socket;
    }

    public override Task<Writers> WritersAsync(IReadOnlyList<Socket> readers, int inFlight, CancellationToken cancel) =>
        Task.FromResult<Writers>(new FrameWriters(readers.Take(Posters).ToList(), ClientFrame.Of(ClientFrame.Text, Encoding.UTF8.GetBytes(Wrap(Message())))));

    protected virtual Task GreetAsync(Socket socket, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>What a client of this server sends to have the message passed on.</summary>
    protected virtual string Wrap(string message) => message;

    protected static string Quoted(string message) => JsonSerializer.Serialize(message, AsItIs);

    /// <summary>Looks like what WebChat renders, so that quoting costs what it would.</summary>
    private string Message()
    {
        const string head = "<article id=\"m-123456789-1\" class=\"message by-1\" data-seq=\"1\" data-at=\"@@0000000000000000\"><header><a class=\"author\" href=\"/people/ada\">Ada Lovelace</a><time datetime=\"2026-01-01T00:00:00Z\">00:00</time></header><p>";
        const string tail = "|</p></article>";
        return head + new string('x', Math.Max(0, MessageSize - head.Length - tail.Length)) + tail;
    }

    private sealed class FrameWriters(IReadOnlyList<Socket> sockets, byte[] frame) : Writers
    {
        private readonly int[] handles = [.. sockets.Select(s => (int)s.SafeHandle.DangerousGetHandle())];
        private readonly int at = frame.AsSpan().IndexOf(StampMark) + StampMark.Length;
        private int next;

        public override bool TryWrite(long stamp)
        {
            Stamp(frame.AsSpan(at, StampLength), stamp);
            Linux.Send(handles[next++ % handles.Length], frame);
            return true;
        }
    }
}

/// <summary>ASP.NET Core SignalR with its JSON protocol; everybody is in one group.</summary>
internal sealed class SignalRRelay : Relay
{
    private const string End = "\u001e";

    protected override string Path => "/hub";

    protected override async Task GreetAsync(Socket socket, CancellationToken cancel)
    {
        await socket.SendAsync(ClientFrame.Of(ClientFrame.Text, Encoding.UTF8.GetBytes($$"""{"protocol":"json","version":1}{{End}}""")), cancel);
        await Handshake.ReadAsync(socket, "{}" + End, cancel);
    }

    protected override string Wrap(string message) => $$"""{"type":1,"target":"Send","arguments":[{{Quoted(message)}}]}{{End}}""";
}

/// <summary>Socket.IO over its WebSocket transport.</summary>
internal sealed class SocketIoRelay : Relay
{
    private static readonly byte[] Ping = "2"u8.ToArray();

    protected override string Path => "/socket.io/?EIO=4&transport=websocket";

    protected override async Task GreetAsync(Socket socket, CancellationToken cancel)
    {
        await socket.SendAsync(ClientFrame.Of(ClientFrame.Text, "40"u8), cancel);
        await Handshake.ReadAsync(socket, "40{", cancel);
    }

    protected override string Wrap(string message) => string.Create(CultureInfo.InvariantCulture, $"""42["m",{Quoted(message)}]""");

    public override byte[]? Answer(int opcode, byte[] payload) =>
        opcode == ClientFrame.Text && payload.AsSpan().SequenceEqual(Ping) ? ClientFrame.Of(ClientFrame.Text, "3"u8) : base.Answer(opcode, payload);
}
