using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Live;

/// <summary>The WebSocket at <c>/live</c>: who may connect, as a page or as a program, and what they may send how often.</summary>
internal sealed partial class LiveEndpoint(Connections connections, Topics topics, LiveActions actions, IOptionsMonitor<Limits> limits, RateLimits rates, TimeProvider clock, ILogger<LiveEndpoint> logger)
{
    /// <summary>Largest message a tab may send, in bytes.</summary>
    public const int MostBytesUp = 16 * 1024;

    /// <summary>The subprotocol of programs.</summary>
    public const string JsonExchange = "webchat.json";

    private const int MostFragments = 64;
    private const int MostFramesPerSecondOfUser = 2 * Connection.MostFramesPerSecond; // in all tabs together
    private const int MostUnknownActions = 5;
    private const string WebSocketGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3

    private int hasToldOfOrigin;

    public async Task RunAsync(HttpContext http)
    {
        var isProgram = AsksForJson(http.Request);
        if (isProgram ? !await TakeTokenAsync(http) : !IsSameOrigin(http.Request))
        {
            http.Response.StatusCode = isProgram ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
            if (!isProgram && http.User.IsSignedIn() && Interlocked.Exchange(ref hasToldOfOrigin, 1) == 0)
                Log.OtherOrigin(logger);
            return;
        }
        if (http.User.IsSignedIn() && await rates.TakeAsync("handshake", http.User.Id().ToString(CultureInfo.InvariantCulture), limits.CurrentValue.HandshakesPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return;
        }
        if (isProgram)
            http.Response.Headers.SecWebSocketProtocol = JsonExchange;
        await AcceptAsync(http, ReaderOf(http, isProgram));
    }

    /// <summary>Listens to a line until it ends.</summary>
    private async Task TalkAsync(Stream stream, Action abort, Reader reader)
    {
        await using (stream)
        {
            using var connection = new Connection(stream, abort, topics, clock, reader);
            connection.Hold();
            if (reader.UserId != 0) // from here on, whatever ends this person's rights ends the line
                connections.Add(connection, limits.CurrentValue.SocketsPerUser);
            else
                connection.Close(CloseCode.SignIn, "sign in"); // a refused handshake would look like a lost line, and be tried for ever
            try
            {
                if (stream is SocketLine line && !await line.BeginAsync(clock))
                    return;
                connection.Release();
                await ReceiveAsync(connection);
            }
            catch (Exception error) when (error is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The line broke. The tab comes back by itself and catches up.
            }
            finally
            {
                connections.Remove(connection);
            }
        }
    }

    private static bool AsksForJson(HttpRequest request) =>
        request.Headers.GetCommaSeparatedValues(HeaderNames.SecWebSocketProtocol).Contains(JsonExchange, StringComparer.Ordinal);

    /// <summary>A program is whose token it has. A cookie says nothing here: pages of other houses could bring it along.</summary>
    private static async Task<bool> TakeTokenAsync(HttpContext http)
    {
        if ((await http.AuthenticateAsync(SignedIn.TokenScheme)).Principal is not { } owner)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return false;
        }
        http.User = owner;
        return true;
    }

    private static Reader ReaderOf(HttpContext http, bool isProgram) => new()
    {
        UserId = http.User.IsSignedIn() ? http.User.Id() : 0,
        Name = http.User.IsSignedIn() ? http.User.Nickname() : "",
        SessionId = http.User.IsSignedIn() ? http.User.Session() : "",
        Language = isProgram ? Reader.Json : CultureInfo.CurrentUICulture.Name,
    };

    /// <summary>A WebSocket carries the cookie but no antiforgery token, so its Origin must be ours.</summary>
    private static bool IsSameOrigin(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin) &&
        string.Equals(origin.Scheme, request.Scheme, StringComparison.OrdinalIgnoreCase) &&
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var ours) && // a Host may be any bytes
        string.Equals(origin.Authority, ours.Authority, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Takes the line over from HTTP: by Upgrade in HTTP/1.1, by extended CONNECT in HTTP/2. Where it can be taken out of HTTP as a whole, the
    /// request ends here, and the talk goes on without it.
    /// </summary>
    private async Task AcceptAsync(HttpContext http, Reader reader)
    {
        if (http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" } connect)
        {
            await TalkAsync(Opened(http, await connect.AcceptAsync()), http.Abort, reader);
            return;
        }
        string? key = http.Request.Headers.SecWebSocketKey;
        if (http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade || http.Request.Headers.SecWebSocketVersion != "13" || !IsKey(key))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = "websocket";
            return;
        }
        http.Response.Headers.Connection = "Upgrade";
        http.Response.Headers.Upgrade = "websocket";
#pragma warning disable CA5350 // the protocol's handshake, not a secret
        http.Response.Headers.SecWebSocketAccept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + WebSocketGuid)));
#pragma warning restore CA5350
        if (Takeover.Of(http) is not { } takeover)
        {
            await TalkAsync(Opened(http, await upgrade.UpgradeAsync()), http.Abort, reader);
            return;
        }
        var culture = CultureInfo.CurrentUICulture; // what is rendered for this line is in its language, as it is inside the request
        await upgrade.UpgradeAsync();
        takeover.Take(async connection =>
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
            // Who ends their half will not answer any more; nobody may wait for them.
            await using var closed = connection.ConnectionClosed.Register(static line => ((ConnectionContext)line!).Abort(), connection);
            await TalkAsync(new SocketLine(connection), connection.Abort, reader);
        });
    }

    /// <summary>The handshake is over, though its request lasts as long as the line: it is somebody else's turn.</summary>
    private static Stream Opened(HttpContext http, Stream line)
    {
        http.Features.Get<Turn>()?.Dispose();
        return line;
    }

    private static bool IsKey([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? key)
    {
        Span<byte> bytes = stackalloc byte[24];
        return key is { Length: 24 } && Convert.TryFromBase64String(key, bytes, out var length) && length == 16;
    }

    private async Task ReceiveAsync(Connection connection)
    {
        var user = connection.Reader.UserId.ToString(CultureInfo.InvariantCulture);
        var most = limits.CurrentValue.SocketsPerUser == 0 ? 0 : MostFramesPerSecondOfUser; // any number of tabs may say any number of things
        var unknown = 0;
        var second = 0L;
        var inSecond = 0;
        while (true)
        {
            // An idle tab holds no buffer: wait with none, then rent one for as long as a message takes.
            var first = await connection.Socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            if (first.MessageType == WebSocketMessageType.Close)
            {
                connection.Close((int)(connection.Socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure), "");
                return;
            }
            if (first.MessageType == WebSocketMessageType.Binary)
            {
                await RefuseAsync(connection, (int)WebSocketCloseStatus.InvalidMessageType, "text only");
                return;
            }
            var buffer = ArrayPool<byte>.Shared.Rent(MostBytesUp + 1);
            try
            {
                var length = await ReceiveMessageAsync(connection, buffer, first.EndOfMessage);
                if (length < 0)
                    return;
                if (connection.IsClosing)
                {
                    await DrainAsync(connection); // signed out, or never in: nothing it says counts any more
                    return;
                }
                var now = clock.GetUtcNow().ToUnixTimeSeconds();
                inSecond = now == second ? inSecond + 1 : 1;
                second = now;
                if (inSecond >= Connection.MostFramesPerSecond || !rates.TryTake("frame", user, most, TimeSpan.FromSeconds(1), out _))
                {
                    await RefuseAsync(connection, CloseCode.Misuse, "too fast");
                    return;
                }
                if (await ActAsync(connection, buffer.AsMemory(0, length)))
                    continue;
                connection.Send(Frame.Error("unknown-action"));
                if (++unknown < MostUnknownActions)
                    continue;
                await RefuseAsync(connection, CloseCode.Misuse, "unknown actions");
                return;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <returns>The message's length, or −1 when the socket was closed for it.</returns>
    private static async Task<int> ReceiveMessageAsync(Connection connection, byte[] buffer, bool isWhole)
    {
        var length = 0;
        var fragments = 1;
        while (!isWhole)
        {
            var part = await connection.Socket.ReceiveAsync(buffer.AsMemory(length, MostBytesUp + 1 - length), CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                connection.Close((int)(connection.Socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure), "");
                return -1;
            }
            if (part.MessageType == WebSocketMessageType.Binary)
            {
                await RefuseAsync(connection, (int)WebSocketCloseStatus.InvalidMessageType, "text only");
                return -1;
            }
            length += part.Count;
            if (length > MostBytesUp || ++fragments > MostFragments)
            {
                await RefuseAsync(connection, CloseCode.TooBig, "too big");
                return -1;
            }
            isWhole = part.EndOfMessage;
        }
        return length;
    }

    private async ValueTask<bool> ActAsync(Connection connection, ReadOnlyMemory<byte> text)
    {
        try
        {
            return await actions.RunAsync(connection, text);
        }
        catch (StorageUnavailableException)
        {
            connection.Close(CloseCode.TooFarBehind, "try again"); // it comes back, and by then the rows may be there
            return true;
        }
        catch (Exception error) when (error is not (WebSocketException or IOException or OperationCanceledException or ObjectDisposedException))
        {
            Log.ActionFailed(logger, error);
            Meters.Errors.Add(1);
            connection.Close((int)WebSocketCloseStatus.InternalServerError, "try again");
            return true;
        }
    }

    private static Task RefuseAsync(Connection connection, int code, string reason)
    {
        connection.Close(code, reason);
        return DrainAsync(connection);
    }

    /// <summary>Reads on until the other side has answered our goodbye, so that it gets to see why.</summary>
    private static async Task DrainAsync(Connection connection)
    {
        var scrap = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while ((await connection.Socket.ReceiveAsync(scrap.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
                // What it still says is not heard; Close cuts the line if it does not end.
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scrap);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A page of somebody who is signed in could not be kept live: its address is not the one this server believes it has. Behind a proxy, name that in WebChat__TrustedProxies and have it pass X-Forwarded-Host and X-Forwarded-Proto on. This is said once")]
        public static partial void OtherOrigin(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "A live action failed")]
        public static partial void ActionFailed(ILogger logger, Exception error);
    }
}
