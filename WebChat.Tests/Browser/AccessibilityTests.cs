using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class AccessibilityTests(Chromium chromium)
{
    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_and_nothing_overflows_on_any_page(int width, ColorScheme scheme)
    {
        using var app = new App();
        await using var visitor = await OpenAsync(app, width, scheme);
        await LookAsync(visitor, "/setup");
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        var cas = await app.SignUpAsync("cas");
        await cas.SubmitAsync("/people/ann/request", "Send request", ("Message", "Let me in, please"));
        await b.SubmitAsync("/rooms/new", "Create group", ("Name", "Walkers of the very long coastal path, all seasons"), ("Memo", "Boots on"));
        await a.SubmitAsync("/rooms/find?q=walkers", "Join");
        var group = (await a.GetPageAsync("/rooms")).QuerySelectorAll("li[data-room]").First(l => l.TextContent.Contains("Walkers", StringComparison.Ordinal)).GetAttribute("data-room");
        await b.SayAsync(room, "Are you coming?\n\nBring boots. " + new string('x', 300));
        await a.SayAsync(room, "ليلى حداد says yes");
        foreach (var address in new[] { "/accounts/sign-in", "/accounts/register", "/accounts/reset", "/nowhere" })
            await LookAsync(visitor, address);

        await app.Get<WebChat.Messages.Search.SearchIndex>().IndexAsync(long.Parse($"{room}", System.Globalization.CultureInfo.InvariantCulture));
        await visitor.BeAsync(b, app.Address);
        foreach (var address in new[]
        {
            "/rooms", $"/rooms/{room}", $"/rooms/{group}", $"/rooms/{group}/members", $"/rooms/{group}/settings", $"/rooms/{group}/dissolve", "/lobby", "/rooms/new", "/rooms/find?q=walk", "/search", $"/search?room={group}", "/search?q=boots", "/search?q=nothing", "/search?q=a&from=x",
            "/contacts", "/contacts/find?q=a", "/people/ann", "/people/cas", "/people/cas/request", "/people/ann/delete", "/people/ann/block", "/online", "/me", "/me/security", "/mailbox", "/nowhere",
        })
            await LookAsync(visitor, address);
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_on_second_steps_confirmations_and_empty_pages(int width, ColorScheme scheme)
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        using var alone = await app.SignUpAsync("alone");
        var group = await a.NewGroupAsync("Walkers");
        await b.SubmitAsync("/rooms/find?q=walkers", "Join");
        await using var visitor = await OpenAsync(app, width, scheme);
        foreach (var (address, email) in new[] { ("/accounts/register", "new@example.org"), ("/accounts/reset", "ann@example.org") })
        {
            await visitor.Page.GotoAsync(address);
            await visitor.Label("E-mail").FillAsync(email);
            await visitor.Button("Send code").ClickAsync();
            await Expect(visitor.Label("Code")).ToBeVisibleAsync();
            await LookHereAsync(visitor, $"the second step of {address}");
        }
        await visitor.BeAsync(b, app.Address);
        await LookAsync(visitor, $"/rooms/{group}/leave");
        await visitor.BeAsync(alone, app.Address);
        foreach (var address in new[] { "/contacts", "/rooms", "/contacts/find?q=nobodyatall", "/rooms/find?q=nosuchgroup" })
            await LookAsync(visitor, address);
        await visitor.BeAsync(a, app.Address);
        foreach (var address in new[] { $"/rooms/{group}/dissolve", $"/rooms/{group}/remove?member={await b.IdAsync()}", "/people/ben/delete", "/people/ben/block" })
            await LookAsync(visitor, address);

        visitor.IsServerDown = true;
        await visitor.Context.RouteAsync("**/messages", route => route.AbortAsync("connectionrefused"));
        await visitor.Page.GotoAsync($"/rooms/{room}");
        await visitor.SayAsync("not to be sent");
        await Expect(visitor.Page.Locator("article.failed")).ToHaveCountAsync(1, new LocatorAssertionsToHaveCountOptions { Timeout = 20_000 });
        await visitor.Page.EvaluateAsync("() => import(document.querySelector('script[src*=\"/js/app\"]').src.replace(/app[^/]*$/, 'live.js')).then(m => m.live.dispatchEvent(new CustomEvent('closed', { detail: { code: 1006, at: Date.now() + 60000 } })))");
        await Expect(visitor.Page.Locator(".banner")).ToBeVisibleAsync();
        await LookHereAsync(visitor, "a failed message without a line");
    }

    private static async Task LookAsync(Screen screen, string address)
    {
        await screen.Page.GotoAsync(address);
        await LookHereAsync(screen, address);
    }

    private static async Task LookHereAsync(Screen screen, string address)
    {
        await screen.AxeAsync(address);
        var over = await screen.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(over <= 0, $"{address} overflows by {over} px");
        var twice = await screen.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)");
        Assert.True(twice.Length == 0, $"{address} has ids twice: {string.Join(", ", twice)}");
    }

    private Task<Screen> OpenAsync(App app, int width, ColorScheme scheme) => chromium.OpenAsync(app.Address, o =>
    {
        o.ViewportSize = new ViewportSize { Width = width, Height = 844 };
        o.ColorScheme = scheme;
        o.ReducedMotion = ReducedMotion.Reduce;
    });
}
