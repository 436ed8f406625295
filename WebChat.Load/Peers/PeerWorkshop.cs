using System.Diagnostics;
using System.Net;
using WebChat.Load.Lines;

namespace WebChat.Load.Peers;

/// <summary>Builds and starts what WebChat is compared with.</summary>
/// <param name="home">Where it is built; what is there already is not built again.</param>
internal sealed class PeerWorkshop(DirectoryInfo home)
{
    public const string House = "webchat";

    private static readonly string Sources = Path.Combine(AppContext.BaseDirectory, "Peers");
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>The limits of one person, which a crowd of twenty in a thousand sockets would meet at once.</summary>
    private static readonly string[] Limits =
    [
        "PostsPerSecond", "PostsPerMinute", "RequestsPerMinute", "SearchesPerMinute", "SignInsPerMinute", "RegistrationsPerHour", "CodesPerHour", "CodeChecksPerHour", "HandshakesPerMinute",
        "SocketsPerUser", "OpeningsPerSecond",
    ];

    /// <summary>All names that <see cref="StartAsync"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [House, "signalr", "ws", "socket.io", "gorilla", "writer"];

    public async Task<Target> StartAsync(string name, int processor, DirectoryInfo webchat, DirectoryInfo data, int people, int textLength, int messageSize, CancellationToken cancel)
    {
        switch (name)
        {
            case House:
                return await Lines.House.OpenAsync(await StartHouseAsync(webchat, data, processor, cancel), data, people, textLength);
            case "signalr":
                return new SignalRRelay { MessageSize = messageSize, Server = await StartAsync(processor, port => ["dotnet", Path.Combine(AppContext.BaseDirectory, "WebChat.Load.dll"), "peer", $"{port}"], cancel) };
            case "ws":
                return new Relay { MessageSize = messageSize, Server = await StartNodeAsync("ws.mjs", processor, cancel) };
            case "socket.io":
                return new SocketIoRelay { MessageSize = messageSize, Server = await StartNodeAsync("socket.io.mjs", processor, cancel) };
            case "gorilla":
                // Debian's packages golang-go and golang-github-gorilla-websocket-dev, without a module of our own.
                await BuildAsync("gorilla", ["go", "build", "-o", "gorilla", Path.Combine(Sources, "gorilla.go")], cancel);
                return new Relay { MessageSize = messageSize, Server = await StartAsync(processor, port => [Path.Combine(home.FullName, "gorilla"), $"{port}"], cancel) };
            case "writer":
                await BuildAsync("writer", ["gcc", "-O2", "-o", "writer", Path.Combine(Sources, "writer.c")], cancel);
                return new Relay { MessageSize = messageSize, Server = await StartAsync(processor, port => [Path.Combine(home.FullName, "writer"), $"{port}"], cancel) };
            default:
                throw new LoadException($"There is no peer called {name}: {string.Join(", ", Names)}.");
        }
    }

    /// <summary>A WebChat of its own with an empty store and no limits, ready to serve.</summary>
    public static Task<Server> StartHouseAsync(DirectoryInfo webchat, DirectoryInfo data, int? processor, CancellationToken cancel)
    {
        var environment = Limits.ToDictionary(limit => $"WebChat__Limits__{limit}", _ => "0", StringComparer.Ordinal);
        environment["WebChat__Data"] = data.FullName;
        environment["Logging__LogLevel__Default"] = "Warning";
        return Server.StartAsync(processor, port => ["dotnet", Path.Combine(webchat.FullName, "WebChat.dll"), "--urls", $"http://127.0.0.1:{port}"], environment, IsReadyAsync, cancel);
    }

    private static async Task<bool> IsReadyAsync(Uri address, CancellationToken cancel)
    {
        if (!await Server.IsListeningAsync(address, cancel))
            return false;
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(address, "/readyz"), cancel);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    private static Task<Server> StartAsync(int processor, Func<int, string[]> command, CancellationToken cancel) => Server.StartAsync(processor, command, Nothing, isReady: null, cancel);

    private async Task<Server> StartNodeAsync(string script, int processor, CancellationToken cancel)
    {
        home.Create();
        foreach (var file in (string[])["ws.mjs", "socket.io.mjs", "package.json"])
            File.Copy(Path.Combine(Sources, file), Path.Combine(home.FullName, file), overwrite: true);
        await BuildAsync("node_modules", ["npm", "install", "--silent", "--no-audit", "--no-fund"], cancel);
        return await StartAsync(processor, port => ["node", Path.Combine(home.FullName, script), $"{port}"], cancel);
    }

    private async Task BuildAsync(string product, string[] command, CancellationToken cancel)
    {
        home.Create();
        if (Path.Exists(Path.Combine(home.FullName, product)))
            return;
        var info = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = home.FullName };
        info.Environment["GO111MODULE"] = "off";
        info.Environment["GOPATH"] = "/usr/share/gocode";
        info.Environment["GOCACHE"] = Path.Combine(home.FullName, "go-cache");
        using var process = Process.Start(info) ?? throw new LoadException($"{command[0]} did not start.");
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
            throw new LoadException($"{string.Join(' ', command)} failed: is {command[0]} installed, and what it needs? docs/performance.md says what.");
    }
}
