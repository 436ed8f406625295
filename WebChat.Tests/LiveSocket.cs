using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace WebChat.Tests;

/// <summary>A tab's WebSocket: keeps what comes down, and waits for what should, never for time.</summary>
internal sealed class LiveSocket : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ClientWebSocket socket;
    private readonly Channel<string> frames = Channel.CreateUnbounded<string>();
    private readonly Task reading;
    private readonly bool keepsAll;

    private LiveSocket(ClientWebSocket socket, bool keepsAll)
    {
        this.socket = socket;
        this.keepsAll = keepsAll;
        reading = ReadAsync();
    }

    /// <summary>Everything that came, in order.</summary>
    public List<string> All { get; } = [];

    public WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    public static async Task<LiveSocket> ConnectAsync(Uri address, CookieContainer cookies, string? origin = null, bool keepsAll = true)
    {
        var socket = new ClientWebSocket();
        socket.Options.Cookies = cookies;
        socket.Options.SetRequestHeader("Origin", origin ?? address.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/live" }.Uri, CancellationToken.None);
        return new LiveSocket(socket, keepsAll);
    }

    /// <summary>Over a line of one's own, as through a proxy with TLS.</summary>
    public static async Task<LiveSocket> ConnectAsync(Uri address, HttpMessageInvoker line)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", address.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "wss", Path = "/live" }.Uri, line, CancellationToken.None);
        return new LiveSocket(socket, keepsAll: true);
    }

    /// <summary>A program's socket, with a token or what else it shows.</summary>
    public static async Task<LiveSocket> ProgramAsync(Uri address, string? token, Action<ClientWebSocketOptions>? also = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("webchat.json");
        socket.Options.CollectHttpResponseDetails = true;
        if (token is not null)
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        also?.Invoke(socket.Options);
        try
        {
            await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/live" }.Uri, CancellationToken.None);
        }
        catch (WebSocketException) when (socket.HttpStatusCode != 0)
        {
            throw new HttpRequestException("Refused.", null, socket.HttpStatusCode);
        }
        Assert.Equal("webchat.json", socket.SubProtocol);
        return new LiveSocket(socket, keepsAll: true);
    }

    /// <summary>What comes, until the line ends.</summary>
    public IAsyncEnumerable<string> Frames(CancellationToken end) => frames.Reader.ReadAllAsync(end);

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true);

    public Task SendAsync(byte[] bytes, WebSocketMessageType type, bool isEnd) => socket.SendAsync(bytes, type, isEnd, CancellationToken.None);

    /// <summary>Opens a room and waits until the server has done so: a second, unknown action is answered after it.</summary>
    public async Task OpenAsync(long room, long rev = 0)
    {
        await SendAsync(JsonSerializer.Serialize(new { room = room.ToString(System.Globalization.CultureInfo.InvariantCulture), rev }));
        await RoundTripAsync();
    }

    /// <summary>Waits until the server has answered everything said so far.</summary>
    public async Task RoundTripAsync()
    {
        await SendAsync("""{"are":"you there"}""");
        await NextAsync(f => f.Contains("unknown-action", StringComparison.Ordinal));
    }

    /// <summary>The next frame that fits; those before it are kept in <see cref="All"/>.</summary>
    public async Task<string> NextAsync(Func<string, bool> fits)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var frame in frames.Reader.ReadAllAsync(limit.Token))
            {
                if (fits(frame))
                    return frame;
            }
        }
        catch (OperationCanceledException)
        {
            // falls through to say what came instead
        }
        throw new Xunit.Sdk.XunitException($"The frame did not come (closed: {socket.CloseStatus}). What came:\n{string.Join('\n', All)}");
    }

    /// <summary>Says something as a program does.</summary>
    public Task SayAsync(object what) => SendAsync(JsonSerializer.Serialize(what));

    /// <summary>The next frame with these words in it.</summary>
    public Task<string> NextMessageAsync(string words) => NextAsync(f => f.Contains(words, StringComparison.Ordinal));

    /// <summary>The places of a room's messages, in the order in which they came.</summary>
    public List<long> Seqs(long room)
    {
        lock (All)
            return [.. All.SelectMany(f => Regex.Matches(f, $"id=\"m-{room}-([0-9]+)\"", RegexOptions.None, TimeSpan.FromSeconds(1))).Select(m => long.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
    }

    public Task<string> NextMessageAsync(long room, long seq) => NextAsync(f => f.Contains($"id=\"m-{room}-{seq}\"", StringComparison.Ordinal));

    /// <summary>The code with which the server closed.</summary>
    public async Task<int> ClosedAsync()
    {
        await reading.WaitAsync(Patience);
        return (int)(socket.CloseStatus ?? 0);
    }

    public async ValueTask DisposeAsync()
    {
        socket.Abort();
        await reading;
        socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        using var whole = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer, CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    if (socket.State == WebSocketState.CloseReceived)
                        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
                    break;
                }
                whole.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                var text = Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length);
                whole.SetLength(0);
                if (keepsAll)
                {
                    lock (All)
                        All.Add(text);
                }
                frames.Writer.TryWrite(text);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The line was cut.
        }
        frames.Writer.TryComplete();
    }
}
