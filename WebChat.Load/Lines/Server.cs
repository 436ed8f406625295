using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Diagnostics.NETCore.Client;

namespace WebChat.Load.Lines;

/// <summary>A server process of our own, held to one processor.</summary>
internal sealed class Server : IDisposable
{
    private const long CollectGarbage = 0x800000; // GCHeapCollect of the runtime's event provider

    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly bool isDotnet;

    private Server(Process process, Uri address, bool isDotnet)
    {
        this.process = process;
        Address = address;
        this.isDotnet = isDotnet;
    }

    public Uri Address { get; }

    /// <summary>Of the process.</summary>
    public int Id => process.Id;

    /// <summary>From the start of the process until it answered.</summary>
    public TimeSpan StartedIn { get; private init; }

    /// <summary>Starts a command at a free port of the loopback, and waits until it answers.</summary>
    /// <param name="processor">The number of the processor it runs on, or null for all.</param>
    /// <param name="command">Given the port: the program and its arguments.</param>
    /// <param name="environment">Added to what this process has.</param>
    /// <param name="isReady">Asked until it is true; with none, a connection that is taken is enough.</param>
    public static async Task<Server> StartAsync(int? processor, Func<int, string[]> command, IReadOnlyDictionary<string, string> environment, Func<Uri, CancellationToken, Task<bool>>? isReady, CancellationToken cancel)
    {
        var port = FreePort();
        var words = command(port);
        string[] all = processor is { } number ? ["taskset", "-c", number.ToString(CultureInfo.InvariantCulture), .. words] : words;
        var info = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        var start = Stopwatch.GetTimestamp();
        var started = Process.Start(info) ?? throw new LoadException($"{all[0]} did not start.");
        var said = new List<string>();
        started.OutputDataReceived += (_, line) => Keep(said, line.Data);
        started.ErrorDataReceived += (_, line) => Keep(said, line.Data);
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        var address = new Uri($"http://127.0.0.1:{port}");
        isReady ??= IsListeningAsync;
        while (!await isReady(address, cancel))
        {
            if (started.HasExited || Stopwatch.GetElapsedTime(start) > StartWithin)
            {
                started.Kill(entireProcessTree: true);
                throw new LoadException($"{string.Join(' ', words)} did not begin to listen: {string.Join(' ', said)}");
            }
            await Task.Delay(5, cancel);
        }
        return new Server(started, address, words[0] is "dotnet") { StartedIn = Stopwatch.GetElapsedTime(start) };
    }

    public static async Task<bool> IsListeningAsync(Uri address, CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, address.Port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in bytes, once what is garbage has gone where the server collects any: what is held, not what may be left over.</summary>
    public async Task<long> MemoryAsync(CancellationToken cancel)
    {
        if (isDotnet)
        {
            using var session = await new DiagnosticsClient(process.Id).StartEventPipeSessionAsync([new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, CollectGarbage)], requestRundown: false, token: cancel);
            var drained = session.EventStream.CopyToAsync(Stream.Null, cancel);
            await Task.Delay(TimeSpan.FromSeconds(1), cancel); // the collection runs when the session begins; nothing says when it ends
            await session.StopAsync(cancel);
            await drained;
        }
        process.Refresh();
        return process.WorkingSet64;
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private static void Keep(List<string> said, string? line)
    {
        lock (said)
        {
            if (line is not null && said.Count < 20)
                said.Add(line);
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
