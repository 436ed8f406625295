using System.Diagnostics;

namespace WebChat.Tests.Servers;

/// <summary>Object storage on a loopback port of its own, with one bucket and one key, both of its program's choice.</summary>
internal sealed class S3Server : IAsyncDisposable
{
    public const string Bucket = "uploads";

    private const string Key = "S3RVER";

    private static readonly Lock Gate = new();
    private static Task<S3Server>? shared;

    private readonly string directory = Directory.CreateTempSubdirectory("webchat-s3-").FullName;
    private readonly int port = Ports.Free();
    private Process? process;

    private S3Server()
    {
    }

    /// <summary>The one that tests share. It ends with the test run.</summary>
    public static Task<S3Server> SharedAsync()
    {
        lock (Gate)
            return shared ??= StartNewAsync();
    }

    /// <summary>One to be ended.</summary>
    public static async Task<S3Server> StartNewAsync()
    {
        var server = new S3Server();
        Command.SweepAfterThisRun(server.directory);
        var program = Path.Combine(Instance.Project, "..", "node_modules", "s3rver", "bin", "s3rver.js");
        // Where a list goes on is told in a cipher that newer Node.js leaves out.
        server.process = Command.Start(Command.Find("node"), "--openssl-legacy-provider", program, "--directory", server.directory, "--address", "127.0.0.1", "--port", $"{server.port}", "--silent", "--configure-bucket", Bucket);
        Command.EndWithThisRun(server.process);
        await server.IsReadyAsync();
        return server;
    }

    public string Endpoint => $"http://127.0.0.1:{port}";

    /// <summary>As an app's environment wants it.</summary>
    public (string Name, string Value)[] Settings =>
        [("WebChat:Media:S3:Endpoint", Endpoint), ("WebChat:Media:S3:Bucket", Bucket), ("WebChat:Media:S3:AccessKey", Key), ("WebChat:Media:S3:SecretKey", Key)];

    internal WebChat.Media.S3Options Options => new() { Endpoint = Endpoint, Bucket = Bucket, AccessKey = Key, SecretKey = Key };

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private async Task IsReadyAsync()
    {
        using var http = new HttpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Assert.False(process!.HasExited, "The object storage ended by itself.");
            try
            {
                await http.GetAsync(Endpoint, limit.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, limit.Token); // not yet: asked again until it answers, or the limit ends it
            }
        }
    }
}
