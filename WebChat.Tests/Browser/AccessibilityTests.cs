using Microsoft.Playwright;

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

        await visitor.BeAsync(b, app.Address);
        foreach (var address in new[]
        {
            "/rooms", $"/rooms/{room}", $"/rooms/{group}", $"/rooms/{group}/members", $"/rooms/{group}/settings", $"/rooms/{group}/dissolve", "/lobby", "/rooms/new", "/rooms/find?q=walk",
            "/contacts", "/contacts/find?q=a", "/people/ann", "/people/cas", "/people/cas/request", "/people/ann/delete", "/people/ann/block", "/online", "/me", "/me/security", "/mailbox", "/nowhere",
        })
            await LookAsync(visitor, address);
    }

    private static async Task LookAsync(Screen screen, string address)
    {
        await screen.Page.GotoAsync(address);
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
