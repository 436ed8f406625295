using System.Net.Sockets;
using System.Text;

namespace WebChat.Tests.Live;

/// <summary>A line to the app, byte by byte: says what no browser would, and answers nothing by itself.</summary>
internal sealed class RawSocket : IDisposable
{
    public const byte Ping = 9, Pong = 10;

    private static readonly byte[] FirstPing = [0x89, 0];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpClient client = new();
    private readonly List<byte> have = [];

    private RawSocket()
    {
    }

    public void Dispose() => client.Dispose();

    /// <summary>Sends a whole request, and gives the first line of its answer.</summary>
    public static async Task<string> AskAsync(App app, string request)
    {
        using var line = await OpenAsync(app, request);
        return (await line.ReadUntilAsync("\r\n"u8.ToArray())).Split("\r\n")[0];
    }

    /// <summary>A tab's socket, as this person.</summary>
    /// <param name="app">Where.</param>
    /// <param name="person">Who has its cookies.</param>
    /// <param name="isHeard">False leaves the ping that the server begins with without an answer: it says nothing before.</param>
    /// <param name="mostReceived">Bytes that the kernel keeps for this side before it is read.</param>
    public static async Task<RawSocket> ConnectAsync(App app, Person person, bool isHeard = true, int? mostReceived = null)
    {
        var line = await OpenAsync(app,
            $"""
            GET /live HTTP/1.1
            Host: {app.Address.Authority}
            Origin: {app.Address.GetLeftPart(UriPartial.Authority)}
            Cookie: {person.Cookies.GetCookieHeader(app.Address)}
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==


            """.ReplaceLineEndings("\r\n"), mostReceived);
        Assert.StartsWith("HTTP/1.1 101", await line.ReadUntilAsync([.. "\r\n\r\n"u8, .. FirstPing]), StringComparison.Ordinal);
        if (isHeard)
            await line.SayAsync(Frame(Pong));
        return line;
    }

    /// <summary>A frame as a client sends it: masked, with zeros.</summary>
    public static byte[] Frame(byte opcode, string text = "") =>
        [(byte)(0x80 | opcode), (byte)(0x80 | text.Length), 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(text)];

    public async Task SayAsync(byte[] bytes) => await client.GetStream().WriteAsync(bytes);

    /// <summary>Reads until these bytes have come, and gives all that came so far.</summary>
    public async Task<string> ReadUntilAsync(byte[] end)
    {
        var all = await ReadAsync(have => have.AsSpan().IndexOf(end) >= 0);
        Assert.True(all.AsSpan().IndexOf(end) >= 0, "the line ended before");
        return Encoding.Latin1.GetString(all);
    }

    /// <summary>Reads until the other side ends the line, and gives all that ever came.</summary>
    public async Task<byte[]> ReadToEndAsync(TimeSpan? patience = null) => await ReadAsync(_ => false, patience);

    /// <summary>Says that nothing more will be said.</summary>
    public void EndHalf() => client.Client.Shutdown(SocketShutdown.Send);

    private static async Task<RawSocket> OpenAsync(App app, string request, int? mostReceived = null)
    {
        var line = new RawSocket();
        if (mostReceived is { } bytes)
            line.client.ReceiveBufferSize = bytes;
        await line.client.ConnectAsync(app.Address.Host, app.Address.Port);
        await line.SayAsync(Encoding.Latin1.GetBytes(request));
        return line;
    }

    /// <summary>Reads until all that came so far is enough, or the line ends.</summary>
    public async Task<byte[]> ReadAsync(Func<byte[], bool> isEnough, TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? Patience);
        var buffer = new byte[4096];
        try
        {
            while (!isEnough([.. have]) && await client.Client.ReceiveAsync(buffer, limit.Token) is var length and > 0)
                have.AddRange(buffer.AsSpan(0, length));
        }
        catch (SocketException)
        {
            // It was cut: an end too.
        }
        return [.. have];
    }
}
