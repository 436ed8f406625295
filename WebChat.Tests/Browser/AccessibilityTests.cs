using System.Globalization;
using Microsoft.Playwright;
using WebChat.Messages.Search;
using WebChat.Tests.Media;
using WebChat.Tests.Messages.Stickers;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class AccessibilityTests(Chromium chromium)
{
    [Fact]
    public async Task Axe_finds_nothing_and_nothing_overflows_on_any_page()
    {
        using var app = new App();
        await using var visitor = await OpenAsync(app);
        await LookAsync(visitor, "/setup");
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        var cas = await app.SignUpAsync("cas");
        await cas.SubmitAsync("/people/ann/request", "Send request", ("Message", "Let me in, please"));
        await b.SubmitAsync("/rooms/new", "Create group", ("Name", "Walkers of the very long coastal path, all seasons"), ("Memo", "Boots on"));
        await a.SubmitAsync("/rooms/find?q=walkers", "Join");
        var group = long.Parse((await a.GetPageAsync("/rooms")).QuerySelectorAll("li[data-room]").First(l => l.TextContent.Contains("Walkers", StringComparison.Ordinal)).GetAttribute("data-room")!, CultureInfo.InvariantCulture);
        await b.SayAsync(room, "Are you coming?\n\nBring boots. " + new string('x', 300));
        await a.SayAsync(room, "ليلى حداد says yes");
        await StickerPagesTests.AddAsync(a, "Tea", "a cup", Sample.Png);
        var seq = await b.SayAsync(group, "**Boots**, `maps`\n> and a rope\n- @ann");
        foreach (var (name, file) in new[] { ("bay.png", Sample.Png), ("surf.webm", Sample.Read("film.webm")), ("bell.webm", Sample.Read("voice.webm")), ("a-route-with-a-very-long-name-that-goes-on-and-on-and-on.txt", "left"u8.ToArray()) })
            await a.PostFileAsync(group, file, name, "From the pier");
        await a.SubmitAsync($"/rooms/{group}/contact", "Send", ("Contact", "ben"));
        await a.SubmitAsync($"/rooms/{group}/news", "Send", ("Title", "The causeway"), ("Address", "https://harbour.example/"), ("Description", "Opening times"));
        await a.SubmitAsync($"/rooms/{group}/sticker", "a cup");
        await b.SubmitAsync($"/rooms/{group}/lucky", "Send", ("Points", "30"), ("Shares", "3"), ("Greeting", "for all"));
        var lucky = (await a.GetPageAsync($"/rooms/{group}")).QuerySelector("article:has(.lucky)")!.GetAttribute("data-seq")!;
        await a.ActAsync(group, long.Parse(lucky, CultureInfo.InvariantCulture), "open");
        await a.ActAsync(group, seq, "reactions", ("emoji", "👍"));
        await b.ActAsync(group, seq, "pin");
        await b.ActAsync(group, await b.SayAsync(group, "never mind"), "recall");
        foreach (var address in new[] { "/accounts/sign-in", "/accounts/register", "/accounts/reset", "/nowhere" })
            await LookAsync(visitor, address);

        await app.Get<SearchIndex>().IndexAsync(room);
        await visitor.BeAsync(b, app.Address);
        var message = $"/rooms/{group}/messages/{seq}";
        foreach (var address in new[]
        {
            "/rooms", $"/rooms/{room}", $"/rooms/{group}", $"/rooms/{group}/members", $"/rooms/{group}/settings", $"/rooms/{group}/dissolve", "/lobby", "/rooms/new", "/rooms/find?q=walk", "/search", $"/search?room={group}", "/search?q=boots", "/search?q=nothing", "/search?q=a&from=x",
            message, $"{message}/edit", $"{message}/readers", $"/rooms/{group}/pinned", $"/rooms/{group}/contact", $"/rooms/{group}/news", $"/rooms/{group}/lucky", $"/rooms/{group}/sticker", $"/rooms/{group}/messages/{lucky}/open",
            "/contacts", "/contacts/find?q=a", "/people/ann", "/people/cas", "/people/cas/request", "/people/ann/delete", "/people/ann/block", "/online", "/me", "/me/security", "/me/security/two-step", "/me/security/passkeys", "/me/email", "/me/confirm", "/me/export", "/me/delete", "/mailbox", "/nowhere",
        })
            await LookAsync(visitor, address);
        await visitor.BeAsync(a, app.Address);
        foreach (var address in new[] { "/admin", "/admin/confirm", "/admin/users", "/admin/users/ben", "/admin/users/ben/disable", "/admin/audit", "/admin/stickers", "/admin/rooms", "/admin/reports" })
            await LookAsync(visitor, address);
    }

    [Fact]
    public async Task Axe_finds_nothing_on_second_steps_confirmations_and_empty_pages()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        using var alone = await app.SignUpAsync("alone");
        var group = await a.NewGroupAsync("Walkers");
        await b.SubmitAsync("/rooms/find?q=walkers", "Join");
        await using var visitor = await OpenAsync(app);
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

    [Fact]
    public async Task Axe_would_find_a_button_without_a_name_and_grey_on_grey()
    {
        using var app = new App();
        using var ann = await app.SignUpAsync("ann");
        await using var visitor = await OpenAsync(app);
        await visitor.Page.GotoAsync("/accounts/sign-in");
        await visitor.AxeAsync("as it is");
        await visitor.Page.EvaluateAsync("() => { document.querySelector('main').append(document.createElement('button'), 'ashes'); document.querySelector('main').style.color = '#888'; document.querySelector('main').style.background = '#999'; }");

        var found = await Assert.ThrowsAsync<Xunit.Sdk.TrueException>(() => visitor.AxeAsync("spoiled"));
        Assert.Contains("button-name", found.Message, StringComparison.Ordinal);
        Assert.Contains("color-contrast", found.Message, StringComparison.Ordinal);
    }

    private static async Task LookAsync(Screen screen, string address)
    {
        await screen.Page.GotoAsync(address);
        await LookHereAsync(screen, address);
    }

    /// <summary>At a desk by day and on a phone by night: the colours are the same at every width, and the lines at every hour.</summary>
    private static async Task LookHereAsync(Screen screen, string address)
    {
        foreach (var (width, scheme) in new[] { (1280, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await screen.Page.SetViewportSizeAsync(width, 844);
            await screen.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await screen.Page.EvaluateAsync("() => new Promise(requestAnimationFrame).then(() => Promise.allSettled(document.getAnimations().filter(a => a.effect.getTiming().iterations < 9).map(a => a.finished)))"); // colours change over
            await screen.AxeAsync($"{address} at {width} in {scheme}");
            var over = await screen.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(over <= 0, $"{address} overflows by {over} px at {width}");
        }
        var twice = await screen.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)");
        Assert.True(twice.Length == 0, $"{address} has ids twice: {string.Join(", ", twice)}");
    }

    private Task<Screen> OpenAsync(App app) => chromium.OpenAsync(app.Address, o => o.ReducedMotion = ReducedMotion.Reduce);
}
