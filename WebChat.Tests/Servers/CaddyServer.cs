using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace WebChat.Tests.Servers;

/// <summary>A real Caddy with the configuration that installations run, on loopback ports of its own.</summary>
internal sealed class CaddyServer : IAsyncDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("webchat-caddy-").FullName;
    private readonly int port = Ports.Free();
    private readonly int plainPort = Ports.Free();
    private Process? process;

    private CaddyServer()
    {
    }

    /// <summary>The repository's file.</summary>
    public static string Configuration { get; } = Path.GetFullPath(Path.Combine(Instance.Project, "..", "Caddyfile"));

    public Uri Address => new($"https://localhost:{port}");

    /// <summary>Where it speaks without TLS.</summary>
    public Uri PlainAddress => new($"http://localhost:{plainPort}");

    public static async Task<CaddyServer> StartNewAsync(IEnumerable<Uri> nodes)
    {
        var server = new CaddyServer();
        Command.SweepAfterThisRun(server.directory);
        (string Name, string Value)[] settings =
        [
            ("XDG_DATA_HOME", server.directory), ("XDG_CONFIG_HOME", server.directory), ("BIND", "127.0.0.1"),
            ("HTTPS_PORT", $"{server.port}"), ("HTTP_PORT", $"{server.plainPort}"), ("NODES", string.Join(' ', nodes.Select(n => n.Authority))),
        ];
        server.process = Command.Start(["env", .. settings.Select(s => $"{s.Name}={s.Value}"), Command.Find("caddy"), "run", "--config", Configuration, "--adapter", "caddyfile"]);
        Command.EndWithThisRun(server.process);
        await server.IsReadyAsync();
        return server;
    }

    /// <summary>A line to it that trusts its certificate and nobody else's.</summary>
    /// <param name="from">The address of this machine that it comes from.</param>
    public SocketsHttpHandler Line(string from = "127.0.0.1")
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(directory, "caddy", "pki", "authorities", "local", "root.crt")));
        return new SocketsHttpHandler
        {
            SslOptions = { CertificateChainPolicy = trust },
            ConnectCallback = async (to, cancel) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(IPAddress.Loopback, to.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        Directory.Delete(directory, recursive: true);
    }

    private async Task IsReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            Assert.False(process!.HasExited, "Caddy ended by itself.");
            try
            {
                using var http = new HttpClient(Line()) { BaseAddress = Address };
                if ((await http.GetAsync("/readyz", limit.Token)).IsSuccessStatusCode)
                    return;
            }
            catch (Exception error) when (error is HttpRequestException or System.Security.Cryptography.CryptographicException)
            {
                await Task.Delay(20, limit.Token); // not yet: asked again until it answers, or the limit ends it
            }
        }
    }
}
