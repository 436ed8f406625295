using Microsoft.Playwright;

namespace WebChat.Tests.Browser;

/// <summary>One browser for all browser tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Debian = "/usr/bin/chromium";

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async Task InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = File.Exists(Debian) ? Debian : null,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
        });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>A window of its own, with nobody signed in.</summary>
    internal async Task<Screen> OpenAsync(Uri address, Action<BrowserNewContextOptions>? options = null)
    {
        var settings = new BrowserNewContextOptions { BaseURL = address.ToString(), Locale = "en-US", ViewportSize = new ViewportSize { Width = 1280, Height = 800 } };
        options?.Invoke(settings);
        var context = await browser!.NewContextAsync(settings);
        context.SetDefaultTimeout(15_000);
        return await Screen.CreateAsync(context);
    }

    /// <summary>A person at a page: at a desk, or where it is narrow at a phone.</summary>
    internal async Task<Screen> OpenAsync(App app, Person person, string page, int width)
    {
        var screen = await OpenAsync(app.Address, o =>
        {
            o.ViewportSize = new ViewportSize { Width = width, Height = 844 };
            o.HasTouch = width < 700;
        });
        await screen.BeAsync(person, app.Address);
        await screen.Page.GotoAsync(page);
        return screen;
    }
}

[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Chromium>
{
    public const string Name = "browser";
}
