using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using WebChat.Tests.Architecture;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Messages.Programs;

/// <summary>The program in README.md, as it stands there: two people run it and talk.</summary>
public sealed partial class ReadmeScriptTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("webchat-script-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Two_people_talk_by_it()
    {
        var script = Script().Match(await File.ReadAllTextAsync(Path.Combine(LayersTests.Root, "README.md"))).Groups[1].Value;
        Assert.InRange(script.Trim().Split('\n').Length, 10, 30);
        await File.WriteAllTextAsync(Path.Combine(folder, "chat.cs"), script);
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");

        using var ann = await StartAsync(app, a, room, build: true);
        await HearAsync(ann, "{\"open\"");
        using var ben = await StartAsync(app, b, room, build: false);
        await HearAsync(ben, "{\"open\"");
        await ann.StandardInput.WriteLineAsync("Is the kettle on? 水开了吗？");
        await HearAsync(ben, "ann: Is the kettle on? 水开了吗？");
        await HearAsync(ann, "ann: Is the kettle on?");
        await ben.StandardInput.WriteLineAsync("It sings.");
        await HearAsync(ann, "ben: It sings.");

        Assert.Contains("It sings.", (await a.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
        await a.SubmitAsync("/me/security", "Change password", ("Current password", App.Password), ("New password", "quite another phrase"));
        await ann.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30)); // its token has ended
        ben.Kill(entireProcessTree: true);
    }

    private async Task<Process> StartAsync(App app, Person person, long room, bool build)
    {
        string[] arguments = ["run", .. build ? Array.Empty<string>() : ["--no-build"], "chat.cs", app.Address.ToString(), room.ToString(CultureInfo.InvariantCulture)];
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.StandardInputEncoding = start.StandardOutputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        start.Environment["WEBCHAT_TOKEN"] = await person.MakeTokenAsync();
        start.Environment["LANG"] = "C.UTF-8";
        var process = Process.Start(start)!;
        Command.EndWithThisRun(process);
        return process;
    }

    private static async Task HearAsync(Process process, string beginning)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2)); // the first one is compiled
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return;
            said.Add(line);
        }
        Assert.Fail($"It never said \"{beginning}\", but:\n{string.Join('\n', said)}");
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Script();
}
