using System.Diagnostics;

namespace WebChat.Tests.Servers;

/// <summary>A command of the program as somebody runs it: a process of its own.</summary>
internal sealed class Errand : IDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;

    private Errand(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it has said, of what was listened to.</summary>
    public List<string> Said { get; } = [];

    /// <param name="arguments">The command.</param>
    /// <param name="settings">Its environment.</param>
    public static Errand Start(string[] arguments, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Instance.Built, .. arguments]) { WorkingDirectory = Instance.Project, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        Command.EndWithThisRun(process);
        return new Errand(process);
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
