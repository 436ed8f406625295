using System.Diagnostics;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Storage;

/// <summary>The command as somebody runs it: a process of its own.</summary>
internal sealed class CopyRun : IDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;

    private CopyRun(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it has said, of what was listened to.</summary>
    public List<string> Said { get; } = [];

    public static CopyRun Start(string data, string? postgres, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Instance.Built, .. arguments is [] ? ["copy", "--from", "sqlite", "--to", "postgres"] : arguments])
        {
            WorkingDirectory = Instance.Project,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["WebChat__Data"] = data;
        start.Environment["WebChat__Storage__Postgres"] = postgres ?? "";
        var process = Process.Start(start)!;
        Command.EndWithThisRun(process);
        return new CopyRun(process);
    }

    /// <summary>Listens until it says this.</summary>
    public async Task HearAsync(string line)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } said)
        {
            Said.Add(said);
            if (said == line)
                return;
        }
        Assert.Fail($"It never said \"{line}\": {string.Join('\n', Said)}\n{await errors}");
    }

    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Lets it finish.</summary>
    /// <returns>Its exit code and what it complained of.</returns>
    public async Task<(int Code, string Errors)> EndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } said)
            Said.Add(said);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, (await errors).Trim());
    }

    public void Dispose() => process.Dispose();
}
