using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;
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
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
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
            await Expect(ann.Page.Locator("article.sending, article.failed")).ToContainTextAsync("meanwhile");

            server = await StartAsync(address, data);
            await Expect(ann.Page.Locator(".banner")).ToHaveCountAsync(0, new LocatorAssertionsToHaveCountOptions { Timeout = 20_000 });
            ann.IsServerDown = false;
            var retry = ann.Button("Retry");
            if (await retry.IsVisibleAsync())
                await retry.ClickAsync();
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
            try
            {
                if ((await http.GetAsync("/readyz", limit.Token)).IsSuccessStatusCode)
                    return process;
            }
            catch (HttpRequestException)
            {
                await Task.Yield(); // not listening yet: ask again until it does, or the limit ends it
            }
        }
    }

    private static async Task KillAsync(Process process)
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
