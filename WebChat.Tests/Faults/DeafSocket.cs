using System.Net.Sockets;
using System.Text;

namespace WebChat.Tests.Faults;

/// <summary>A socket that opens a room and never reads what comes: the system's buffers fill, and then the server's.</summary>
internal sealed class DeafSocket : IDisposable
{
    private readonly Socket socket;

    private DeafSocket(Socket socket) => this.socket = socket;

    public static async Task<DeafSocket> OpenAsync(Uri node, Person person, long room)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(node.Host, node.Port);
        var cookies = person.Cookies.GetCookieHeader(node);
        await SendAsync(socket, Encoding.ASCII.GetBytes($"GET /live HTTP/1.1\r\nHost: {node.Authority}\r\nOrigin: {node.GetLeftPart(UriPartial.Authority)}\r\nCookie: {cookies}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
        var answer = new byte[12];
        await socket.ReceiveAsync(answer);
        Assert.Equal("HTTP/1.1 101", Encoding.ASCII.GetString(answer));
        var text = Encoding.ASCII.GetBytes($$"""{"room":"{{room}}","rev":0}""");
        await SendAsync(socket, [0x81, (byte)(0x80 | text.Length), 0, 0, 0, 0, .. text]); // masked with zeros
        return new DeafSocket(socket);
    }

    /// <summary>True once the server has cut the line: it is noticed by writing, for nothing is read. A pong is harmless.</summary>
    public bool IsCut()
    {
        try
        {
            socket.Send([0x8A, 0x80, 0, 0, 0, 0]);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    public void Dispose() => socket.Dispose();

    private static async Task SendAsync(Socket socket, byte[] bytes) => await socket.SendAsync(bytes);
}
