using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace WebChat.Tests.Servers;

/// <summary>The program as a process of its own, as an installation runs it.</summary>
internal sealed class Instance : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ProcessStartInfo start;
    private Process process = null!;
    private readonly ConcurrentQueue<string> log = new();

    private Instance(ProcessStartInfo start, Uri address, string folder)
    {
        this.start = start;
        Address = address;
        Folder = folder;
        Start();
    }

    /// <summary>Its data directory.</summary>
    public string Folder { get; }

    public int ProcessId => process.Id;

    private void Start()
    {
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Command.EndWithThisRun(process);
    }

    /// <summary>The program as the tests' build made it.</summary>
    public static string Built { get; } = typeof(App).Assembly.Location.Replace("WebChat.Tests", "WebChat", StringComparison.Ordinal);

    /// <summary>The folder of its project.</summary>
    public static string Project { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Built)!, "..", "..", ".."));

    public Uri Address { get; }

    /// <summary>All it has said.</summary>
    public string Log => string.Join('\n', log);

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="program">The file to run.</param>
    /// <param name="from">The folder it is started in.</param>
    /// <param name="settings">Its environment.</param>
    public static async Task<Instance> StartAsync(string program, string from, params (string Name, string Value)[] settings)
    {
        var instance = Run(program, from, settings);
        try
        {
            await instance.IsReadyAsync();
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9: it gets to finish nothing.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Starts it again, where it was, and waits until it is ready.</summary>
    public async Task StartAgainAsync()
    {
        process.Dispose();
        Start();
        await IsReadyAsync();
    }

    private async Task IsReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var limit = new CancellationTokenSource(Patience);
        while (!await IsReadyAsync(http, limit.Token))
        {
            Assert.False(process.HasExited, $"It ended by itself.\n{Log}");
            await Task.Delay(20, limit.Token); // to ask without a pause is to take the processor from what is to start
        }
    }

    /// <summary>Starts it, come what may.</summary>
    public static Instance Run(string program, string from, params (string Name, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("webchat-test-").FullName;
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        // A file that may not grow is to be an error that the program sees, as on a full disk, not the end of it.
        var start = new ProcessStartInfo("sh", ["-c", "trap '' XFSZ; exec dotnet \"$0\"", program]) { WorkingDirectory = from, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["WebChat__Data"] = folder;
        start.Environment["DOTNET_TieredPGO"] = "0"; // it lives for seconds: what it could learn of itself is work that never pays
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return new Instance(start, address, folder);
    }

    /// <summary>SIGTERM: what systemd and containers send first.</summary>
    public Task TerminateAsync() => Command.RunAsync("kill", "-TERM", process.Id.ToString());

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitedAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken limit)
    {
        try
        {
            return (await http.GetAsync("/readyz", limit)).StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }
}
