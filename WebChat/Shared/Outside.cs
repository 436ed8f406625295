using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace WebChat.Shared;

/// <summary>
/// Asks other people's servers for what people name, and hands things over to them, without being led to what is not the public's: only http and https on their own
/// ports, and the address that is connected to is looked at, not the name, whatever it resolves to the next time. No proxy, no
/// cookies, no credentials, no word about who asks or from where.
/// </summary>
internal sealed class Outside : IDisposable
{
    /// <summary>Says honestly who asks.</summary>
    public const string UserAgent = "WebChat/1.0 (link cards)";

    /// <summary>The same of one who hands something over.</summary>
    public const string SenderAgent = "WebChat/1.0";

    private const int MostRedirects = 3;

    /// <summary>For handing over and the whole answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Func<IPAddress, bool> mayReach;
    private readonly Func<int, bool> mayUsePort;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;
    private readonly TimeSpan patience;
    private readonly HttpClient http;

    public Outside() : this(PublicNetwork.Has, port => port is 80 or 443, Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>Other rules than the real ones: no setting leads here, only tests do.</summary>
    internal Outside(Func<IPAddress, bool> mayReach, Func<int, bool> mayUsePort, Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeSpan? patience = null)
    {
        (this.mayReach, this.mayUsePort, this.resolve, this.patience) = (mayReach, mayUsePort, resolve, patience ?? Patience);
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
            ConnectTimeout = this.patience, // who asked may have given up before, and nobody else ends the attempt
            ActivityHeadersPropagator = null,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", UserAgent);
    }

    /// <summary>True for an address that may be asked for, as far as it can be told before its name is resolved.</summary>
    public bool MayAsk(Uri address) =>
        address is { IsAbsoluteUri: true } && (address.Scheme is "http" or "https")
        && address.UserInfo.Length == 0 && address.Host.Length > 0 && mayUsePort(address.Port)
        && (!IPAddress.TryParse(address.IdnHost, out var literal) || mayReach(literal));

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

    /// <summary>
    /// Hands something over, once: a redirect is an answer like any other, and is not followed. Whatever the other side does is told in
    /// what comes back, within <see cref="Patience"/>.
    /// </summary>
    /// <param name="address">Where to.</param>
    /// <param name="content">What.</param>
    /// <param name="headers">Adds what belongs to it.</param>
    /// <param name="most">The longest answer that is read, in bytes; 0 where only its status is of interest.</param>
    /// <param name="cancellation">The sender no longer waits: the only thing that throws.</param>
    public async Task<OutsideAnswer> PostAsync(Uri address, HttpContent content, Action<HttpRequestHeaders>? headers, int most, CancellationToken cancellation)
    {
        if (!MayAsk(address))
            return new OutsideAnswer(OutsideOutcome.NotAllowed);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
            request.Headers.TryAddWithoutValidation("User-Agent", SenderAgent);
            headers?.Invoke(request.Headers);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var body = most == 0 ? [] : await ReadAsync(answer, most + 1, limit.Token);
            return body.Length > most
                ? new OutsideAnswer(OutsideOutcome.TooLong)
                : new OutsideAnswer(OutsideOutcome.Answered) { Status = (int)answer.StatusCode, Body = body, RetryAfter = answer.Headers.RetryAfter };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new OutsideAnswer(OutsideOutcome.TooSlow);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or SocketException or InvalidOperationException)
        {
            return new OutsideAnswer(OutsideOutcome.NoAnswer);
        }
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
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellation).WaitAsync(patience, cancellation); // the system's resolver heeds no cancellation
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

/// <summary>How handing something over went.</summary>
internal enum OutsideOutcome
{
    /// <summary>With any status.</summary>
    Answered,
    /// <summary>An address that is never asked.</summary>
    NotAllowed,
    /// <summary>Nobody answers there, or nobody who may be asked: which of them is not told.</summary>
    NoAnswer,
    TooSlow,
    TooLong,
}

/// <summary>What was answered to a post.</summary>
internal sealed record OutsideAnswer(OutsideOutcome Outcome)
{
    /// <summary>Of HTTP; 0 where nothing was answered.</summary>
    public int Status { get; init; }

    public byte[] Body { get; init; } = [];

    /// <summary>When to come back, where the other side says so.</summary>
    public RetryConditionHeaderValue? RetryAfter { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;
}
