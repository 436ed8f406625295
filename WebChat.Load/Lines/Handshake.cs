using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace WebChat.Load.Lines;

/// <summary>The beginning of a WebSocket, by hand (RFC 6455, section 4.1).</summary>
internal static class Handshake
{
    private const string Ping = "\u0089\0";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A socket that the server has agreed to talk frames at.</summary>
    /// <param name="server">Where.</param>
    /// <param name="path">Of its address.</param>
    /// <param name="headers">Sent beside those of the protocol.</param>
    /// <param name="isPinged">True where the server says nothing before a ping of its own is answered.</param>
    /// <param name="cancel">Ends the wait.</param>
    public static async Task<Socket> OpenAsync(Server server, string path, IEnumerable<string> headers, bool isPinged, CancellationToken cancel)
    {
        var socket = await ConnectAsync(server, cancel);
        string[] request =
        [
            $"GET {path} HTTP/1.1", $"Host: {server.Address.Authority}", $"Origin: {server.Address.GetLeftPart(UriPartial.Authority)}", "Connection: Upgrade", "Upgrade: websocket",
            "Sec-WebSocket-Version: 13", $"Sec-WebSocket-Key: {Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))}", .. headers, "", "",
        ];
        await socket.SendAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", request)), cancel);
        var answer = await ReadAsync(socket, "\r\n\r\n", cancel);
        if (!answer.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
            throw new LoadException($"A handshake was answered \"{answer.Split('\r')[0]}\".");
        if (isPinged)
        {
            if (!answer.EndsWith(Ping, StringComparison.Ordinal))
                await ReadAsync(socket, Ping, cancel);
            await socket.SendAsync(ClientFrame.Of(ClientFrame.Pong, []), cancel);
        }
        return socket;
    }

    public static async Task<Socket> ConnectAsync(Server server, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(enable: true, seconds: 0) };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Address.Port), cancel);
        return socket;
    }

    /// <summary>Reads until something has been said. Returns all that was read.</summary>
    public static async Task<string> ReadAsync(Socket socket, string wanted, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        var buffer = new byte[16 * 1024];
        var text = new StringBuilder();
        while (text.ToString().Contains(wanted, StringComparison.Ordinal) is false)
        {
            var read = await socket.ReceiveAsync(buffer, limit.Token);
            if (read == 0)
                throw new LoadException($"A socket was closed while its beginning was under way, after \"{text}\".");
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        return text.ToString();
    }
}
