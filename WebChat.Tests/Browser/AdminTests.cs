using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using WebChat.Admin.Figures;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>An administrator at their pages, while the one it is about looks on.</summary>
[Collection(BrowserTests.Name)]
public sealed class AdminTests(Chromium chromium)
{
    [Fact]
    public async Task Who_is_disabled_is_signed_out_where_they_are_and_comes_back_when_enabled()
    {
        const int width = 390;
        using var app = new App(services => services.AddSingleton(new Pace(TimeSpan.FromMilliseconds(200))));
        using var a = await app.SignUpAsync("admin");
        using var b = await app.SignUpAsync("ben");
        await using var ben = await chromium.OpenAsync(app, b, "/rooms", width);
        await using var admin = await chromium.OpenAsync(app, a, "/me", width);
        await admin.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Administration", Exact = true }).Last.ClickAsync();
        await Expect(admin.Page.Locator("#is-live")).ToBeVisibleAsync();
        await LookAsync(admin, "Dashboard", width);
        await Expect(admin.Page.Locator("#figures output").First).ToHaveTextAsync("2");
        var another = await chromium.OpenAsync(app, b, "/rooms", width);
        await Expect(admin.Page.Locator("#figures output").Nth(1)).ToHaveTextAsync("3");
        await another.DisposeAsync();
        await Expect(admin.Page.Locator("#figures output").Nth(1)).ToHaveTextAsync("2");
        await admin.Link("Users").ClickAsync();
        await LookAsync(admin, "Users", width);
        await admin.Label("Search").FillAsync("be");
        await admin.Button("Search").ClickAsync();
        await Expect(admin.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await admin.Link("ben").ClickAsync();
        await LookAsync(admin, "ben", width);

        await admin.Button("Disable").ClickAsync();
        await LookAsync(admin, "Disable ben?", width);
        await admin.Button("Disable").ClickAsync();
        await Expect(admin.Page.GetByText("ben is disabled")).ToBeVisibleAsync();
        await Expect(ben.Page.GetByText("You are signed out. Sign in to go on.")).ToBeVisibleAsync();

        await admin.Button("Enable").ClickAsync();
        await Expect(admin.Page.GetByText("ben is enabled")).ToBeVisibleAsync();
        await ben.SignInAsync("ben");

        await admin.Link("Users").ClickAsync();
        var file = await admin.Page.RunAndWaitForDownloadAsync(() => admin.Link("Export CSV").ClickAsync());
        Assert.Equal("users.csv", file.SuggestedFilename);
        await admin.Link("Audit log").ClickAsync();
        await LookAsync(admin, "Audit log", width);
        await Expect(admin.Page.Locator("tbody tr")).ToHaveCountAsync(3);
    }

    private static async Task LookAsync(Screen screen, string heading, int width)
    {
        await Expect(screen.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = heading, Exact = true, Level = 1 })).ToBeVisibleAsync();
        await screen.AxeAsync($"{heading} at {width}");
        Assert.True(await screen.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{heading} overflows at {width}");
    }
}
