using System.Diagnostics;

namespace WebChat.Tests.Servers;

/// <summary>Programs of the machine that tests start.</summary>
internal static class Command
{
    /// <summary>Where a program is: Debian keeps PostgreSQL's outside the path.</summary>
    public static string Find(string program)
    {
        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Reverse().Select(d => $"{d}/bin") : []);
        return places.Select(place => Path.Combine(place, program)).FirstOrDefault(File.Exists) ?? throw new FileNotFoundException($"{program} is not installed.");
    }

    /// <summary>A command as another user where the tests run as root, else as oneself.</summary>
    public static string[] As(string user, string program, IEnumerable<string> arguments) =>
        Environment.UserName is "root" ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", program, .. arguments] : [program, .. arguments];

    public static Process Start(params string[] command)
    {
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>However this test run ends, the process ends with it.</summary>
    public static void EndWithThisRun(Process process, string signal = "KILL") =>
        Start("sh", "-c", $"while kill -0 {Environment.ProcessId} && kill -0 {process.Id}; do sleep 1; done; kill -{signal} {process.Id}");

    /// <summary>Removes a directory when this test run is over.</summary>
    public static void SweepAfterThisRun(string directory) =>
        Start("sh", "-c", $"while kill -0 {Environment.ProcessId}; do sleep 1; done; sleep 3; rm -rf {directory}");

    public static Task RunAsync(params string[] command) => OutputOfAsync(command);

    /// <summary>What it says; it must succeed.</summary>
    public static async Task<string> OutputOfAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}: {await errors}");
        return output;
    }
}
