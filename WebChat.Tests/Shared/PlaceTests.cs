using System.Net;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Shared;

/// <summary>The published program, started where nothing of it is.</summary>
public sealed class PlaceTests : IAsyncLifetime
{
    private readonly string elsewhere = Directory.CreateTempSubdirectory("webchat-test-").FullName;
    private readonly string place = Directory.CreateTempSubdirectory("webchat-test-").FullName;

    private string Program => Path.Combine(place, "WebChat.dll");

    public Task InitializeAsync() =>
        Command.RunAsync("dotnet", "publish", Instance.Project, "--no-build", "--nologo", "-v", "quiet", "-o", place,
            "-c", Instance.Built.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug");

    public Task DisposeAsync()
    {
        Directory.Delete(elsewhere, recursive: true);
        Directory.Delete(place, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_is_served_whole_from_beside_itself_and_keeps_its_data_there_or_says_what_is_missing()
    {
        await using (var server = await Instance.StartAsync(Program, elsewhere, ("WebChat__Data", "data")))
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            foreach (var file in new[] { "/css/tokens.css", "/js/live.js", "/icons.svg", "/lib/htmx.min.js" })
            {
                var answer = await http.GetAsync(file);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync());
            }
            Assert.True(File.Exists(Path.Combine(place, "data", "webchat.sqlite")));
            Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
        }

        Directory.Delete(Path.Combine(place, "wwwroot"), recursive: true);
        await using var bare = Instance.Run(Program, elsewhere);
        Assert.NotEqual(0, await bare.ExitedAsync());
        Assert.Contains("no wwwroot", bare.Log, StringComparison.Ordinal);
    }
}
