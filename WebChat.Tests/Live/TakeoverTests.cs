using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebChat.Live;

namespace WebChat.Tests.Live;

/// <summary>A tab's line is taken out of HTTP and written to its socket.</summary>
public sealed partial class TakeoverTests(App app) : IClassFixture<App>
{
    private const int Messages = 200;

    [Fact]
    public async Task Who_reads_late_gets_whole_frames_in_order()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        using var line = await RawSocket.ConnectAsync(app, ben, mostReceived: 4096);
        await line.SayAsync(RawSocket.Frame(1, string.Create(CultureInfo.InvariantCulture, $$"""{"room":"{{room}}","rev":1}""")));
        for (var i = 0; i < Messages; i++)
            await ann.SayAsync(room, $"<{i}>".PadRight(3_900, 'x'));

        var said = new List<long>();
        var all = await line.ReadAsync(bytes => FramesOf(bytes).Count(IsMessage) >= Messages);
        foreach (var frame in FramesOf(all).Where(IsMessage))
            said.Add(long.Parse(Seq().Match(frame).Groups["seq"].ValueSpan, CultureInfo.InvariantCulture));

        Assert.Equal(Enumerable.Range(2, Messages).Select(i => (long)i), said);
    }

    [Fact]
    public async Task What_is_said_before_the_first_pong_waits_for_it()
    {
        using var visitor = app.Visitor();
        using var line = await RawSocket.ConnectAsync(app, visitor, isHeard: false); // somebody unknown is told so at once
        await line.SayAsync(RawSocket.Frame(RawSocket.Ping, "early"));
        await line.SayAsync(RawSocket.Frame(RawSocket.Pong));

        var answer = Encoding.Latin1.GetString(await line.ReadToEndAsync());

        Assert.Contains("\r\n\r\n\u0089\0\u0088", answer, StringComparison.Ordinal); // the ping, and what waited, right behind the handshake
        Assert.Contains("sign in", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_signs_out_before_the_first_pong_hears_nothing_after_it()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann2", "ben2");
        using var line = await RawSocket.ConnectAsync(app, ben, isHeard: false);
        await ben.SubmitAsync("/me", "Sign out");
        await line.SayAsync([.. RawSocket.Frame(RawSocket.Pong), .. RawSocket.Frame(1, string.Create(CultureInfo.InvariantCulture, $$"""{"room":"{{room}}","rev":0}"""))]);
        await ann.SayAsync(room, "secret");

        var answer = Encoding.Latin1.GetString(await line.ReadToEndAsync());

        Assert.Contains("sign in", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("<article", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_answers_no_ping_any_more_is_cut()
    {
        using var ann = await app.SignUpAsync("ann4");
        using var line = await RawSocket.ConnectAsync(app, ann);

        await line.ReadToEndAsync(patience: TimeSpan.FromSeconds(60)); // asked after 15 s, and given 15 more
    }

    [Fact]
    public async Task Who_ends_their_half_is_cut()
    {
        using var ann = await app.SignUpAsync("ann5");
        using var line = await RawSocket.ConnectAsync(app, ann);

        line.EndHalf();

        await line.ReadToEndAsync();
    }

    [Fact]
    public async Task Tabs_that_speak_at_once_are_all_answered()
    {
        using var ann = await app.SignUpAsync("ann3");
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            for (var i = 0; i < 30; i++)
            {
                await using var socket = await ann.ConnectAsync();
                await socket.SendAsync("""{"room":"1","rev":0}"""); // before it has seen the ping, or after
                await socket.NextAsync(f => f.Contains("unknown-room", StringComparison.Ordinal));
            }
        }));
    }

    [Theory]
    [InlineData("http", "a line of its own")]
    [InlineData("https", "none")]
    public async Task Only_lines_without_encryption_are_taken_and_other_requests_notice_nothing(string scheme, string expected)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var usable = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(Takeover.Around));
            kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
            {
                if (scheme == "https")
                    endpoint.UseHttps(usable);
            });
        });
        await using var server = builder.Build();
        server.MapPost("/", async (HttpContext http) => $"{(Takeover.Of(http) is null ? "none" : "a line of its own")} {await new StreamReader(http.Request.Body).ReadToEndAsync()}");
        await server.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1, SslOptions = { RemoteCertificateValidationCallback = (_, given, _, _) => given?.GetCertHashString() == certificate.GetCertHashString() } });

        foreach (var body in (string[])["", "short", new string('l', 300_000)])
        {
            using var answer = await http.PostAsync(new Uri(server.Urls.Single()), new StringContent(body));
            Assert.Equal($"{expected} {body}", await answer.Content.ReadAsStringAsync());
        }
    }

    private static bool IsMessage(string frame) => frame.StartsWith("<article", StringComparison.Ordinal);

    /// <summary>The whole frames behind a handshake; whatever is no frame fails.</summary>
    private static List<string> FramesOf(byte[] bytes)
    {
        var frames = new List<string>();
        var rest = bytes.AsSpan()[(bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];
        while (rest.Length >= 4)
        {
            Assert.Contains(rest[0], (byte[])[0x81, 0x89, 0x8A]);
            var (head, length) = rest[1] switch
            {
                126 => (4, BinaryPrimitives.ReadUInt16BigEndian(rest[2..])),
                < 126 => (2, rest[1]),
                _ => (10, rest.Length < 10 ? int.MaxValue - 10 : (int)BinaryPrimitives.ReadUInt64BigEndian(rest[2..])),
            };
            if (rest.Length < head + length)
                break;
            frames.Add(Encoding.UTF8.GetString(rest.Slice(head, length)));
            rest = rest[(head + length)..];
        }
        return frames;
    }

    [GeneratedRegex("data-seq=\"(?<seq>[0-9]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Seq();
}
