using System.Diagnostics;
using Microsoft.Playwright;
using WebChat.Tests.Servers;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>The real process on a real port, killed and started again.</summary>
[Collection(BrowserTests.Name)]
public sealed class ReconnectTests(Chromium chromium)
{
    [Fact]
    public async Task A_server_killed_under_a_conversation_comes_back_to_it_and_nothing_is_lost()
    {
        var data = Directory.CreateTempSubdirectory("webchat-test-").FullName;
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var server = await StartAsync(address, data);
        try
        {
            await using var ann = await chromium.OpenAsync(address);
            await ann.SetUpAsync("ann");
            await ann.Page.GotoAsync("/lobby");
            await ann.SayAsync("before");
            await ann.SeesAsync("before");

            ann.IsServerDown = true;
            await KillAsync(server);
            await Expect(ann.Page.Locator(".banner")).ToContainTextAsync("Reconnecting");
            await ann.SayAsync("meanwhile");
            await Expect(ann.Page.Locator("article.sending, article.failed").Filter(new LocatorFilterOptions { HasText = "meanwhile" })).ToBeVisibleAsync();

            server = await StartAsync(address, data);
            await Expect(ann.Page.Locator(".banner")).ToHaveCountAsync(0, new LocatorAssertionsToHaveCountOptions { Timeout = 20_000 });
            ann.IsServerDown = false;
            await ann.SeesAsync("meanwhile");
            await ann.SayAsync("after");
            await ann.SeesAsync("after");

            Assert.Equal(1, await ann.Message("meanwhile").CountAsync());
            var live = await ann.LogAsync();
            await ann.Page.ReloadAsync();
            Assert.Equal(live, await ann.LogAsync());
        }
        finally
        {
            await KillAsync(server);
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task A_message_whose_answer_was_lost_stands_there_once_and_counts_as_sent()
    {
        using var app = new App();
        var (a, _, room) = await app.FriendsAsync("ann", "ben");
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/rooms/{room}");
        ann.IsServerDown = true;
        await ann.Page.RouteAsync("**/messages", async route =>
        {
            await route.FetchAsync();
            await route.AbortAsync("connectionreset");
        });
        await ann.SayAsync("into the fog");
        await ann.SeesAsync("into the fog");
        await Expect(ann.Page.GetByText("into the fog", new PageGetByTextOptions { Exact = true })).ToHaveCountAsync(1);
        await ann.Page.ReloadAsync();
        await ann.SeesAsync("into the fog");
        await Expect(ann.Page.Locator("article.sending, article.failed")).ToHaveCountAsync(0);
        await ann.Page.UnrouteAllAsync(new PageUnrouteAllOptions { Behavior = UnrouteBehavior.IgnoreErrors });
    }

    [Fact]
    public async Task What_could_not_be_sent_says_so_and_goes_by_itself_when_it_can()
    {
        using var app = new App();
        var (a, _, room) = await app.FriendsAsync("ann", "ben");
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/rooms/{room}");
        ann.IsServerDown = true;
        await ann.Page.RouteAsync("**/messages", route => route.AbortAsync("connectionrefused"));
        await ann.SayAsync("when the tide turns");
        await Expect(ann.Page.Locator("article.failed")).ToContainTextAsync("Not sent.", new LocatorAssertionsToContainTextOptions { Timeout = 15_000 });
        await Expect(ann.Button("Retry")).ToBeVisibleAsync();
        await ann.Page.UnrouteAllAsync();
        ann.IsServerDown = false;
        await ann.Page.ReloadAsync();
        await ann.SeesAsync("when the tide turns");
        await Expect(ann.Page.Locator("article.sending, article.failed")).ToHaveCountAsync(0);
    }

    private static async Task<Process> StartAsync(Uri address, string data)
    {
        var dll = typeof(App).Assembly.Location.Replace("WebChat.Tests", "WebChat", StringComparison.Ordinal);
        var start = new ProcessStartInfo("dotnet", [dll])
        {
            WorkingDirectory = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(dll)!, "..", "..", "..")),
            Environment = { ["ASPNETCORE_URLS"] = address.ToString(), ["ASPNETCORE_ENVIRONMENT"] = "Development", ["WebChat__Data"] = data },
        };
        var process = Process.Start(start)!;
        using var http = new HttpClient { BaseAddress = address };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Assert.False(process.HasExited, "The server ended by itself.");
            try
            {
                if ((await http.GetAsync("/readyz", limit.Token)).IsSuccessStatusCode)
                    return process;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, limit.Token); // not listening yet: asked again until it does, or the limit ends it
            }
        }
    }

    private static async Task KillAsync(Process process)
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
    }
}
