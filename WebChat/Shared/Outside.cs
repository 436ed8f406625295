using System.Net;
using System.Net.Sockets;

namespace WebChat.Shared;

/// <summary>
/// Asks other people's servers for what people name, without being led to what is not the public's: only http and https on their own
/// ports, and the address that is connected to is looked at, not the name, whatever it resolves to the next time. No proxy, no
/// cookies, no credentials, no word about who asks or from where.
/// </summary>
internal sealed class Outside : IDisposable
{
    /// <summary>Says honestly who asks.</summary>
    public const string UserAgent = "WebChat/1.0 (link cards)";

    private const int MostRedirects = 3;

    private readonly Func<IPAddress, bool> mayReach;
    private readonly Func<int, bool> mayUsePort;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;
    private readonly HttpClient http;

    public Outside() : this(PublicNetwork.Has, port => port is 80 or 443, Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>Other rules than the real ones: no setting leads here, only tests do.</summary>
    internal Outside(Func<IPAddress, bool> mayReach, Func<int, bool> mayUsePort, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        (this.mayReach, this.mayUsePort, this.resolve) = (mayReach, mayUsePort, resolve);
        http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            Credentials = null,
            PreAuthenticate = false,
            AutomaticDecompression = DecompressionMethods.All,
            MaxResponseHeadersLength = 32, // KB
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.Zero,
            ActivityHeadersPropagator = null,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", UserAgent);
    }

    /// <summary>True for an address that may be asked for, as far as it can be told before its name is resolved.</summary>
    public bool MayAsk(Uri address) =>
        address is { IsAbsoluteUri: true } && (address.Scheme is "http" or "https")
        && address.UserInfo.Length == 0 && address.Host.Length > 0 && mayUsePort(address.Port);

    /// <summary>Asks for what stands at an address, and where that sends it on, three times at most. The body is not read yet.</summary>
    /// <returns>The answer, with the address that gave it in its request; null where it may not be asked for or is not there.</returns>
    /// <exception cref="HttpRequestException">Nobody answers, or nobody who may be asked.</exception>
    public async Task<HttpResponseMessage?> GetAsync(Uri address, string accept, CancellationToken cancellation)
    {
        for (var redirects = 0; redirects <= MostRedirects && MayAsk(address); redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (answer.StatusCode == HttpStatusCode.OK)
                return answer;
            using (answer)
            {
                if (answer.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                    || answer.Headers.Location is not { } next || !Uri.TryCreate(address, next, out var following))
                {
                    return null;
                }
                address = following;
            }
        }
        return null;
    }

    /// <summary>Reads a body up to a size, unpacked, however much more there is.</summary>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage answer, int most, CancellationToken cancellation)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var read = new byte[most];
        var length = await body.ReadAtLeastAsync(read, most, throwOnEndOfStream: false, cancellation);
        return read[..length];
    }

    public void Dispose() => http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        if (!mayUsePort(port))
            throw new HttpRequestException("A port that is not asked.");
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellation);
        Exception? failure = null;
        foreach (var address in addresses.Where(mayReach))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e)
            {
                socket.Dispose();
                failure = e;
                if (e is not SocketException)
                    throw;
            }
        }
        throw new HttpRequestException("Nobody there, or nobody who may be asked.", failure);
    }
}
