using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>What a page does by itself: on paper, while the line is down, when its reader is gone.</summary>
[Collection(BrowserTests.Name)]
public sealed class ScreenTests(Chromium chromium)
{
    [Fact]
    public async Task A_tab_that_was_signed_out_elsewhere_keeps_nothing_of_the_conversation()
    {
        using var app = new App();
        var (a, _, room) = await app.FriendsAsync("ann", "ben");
        await a.SayAsync(room, "between us");
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/rooms/{room}");
        await ann.SeesAsync("between us");
        ann.IsServerDown = true; // the socket that is refused

        await a.SubmitAsync("/me", "Sign out");

        await Expect(ann.Page.Locator(".banner")).ToContainTextAsync("You are signed out.");
        Assert.DoesNotContain("between us", await ann.Page.Locator("body").InnerTextAsync(), StringComparison.Ordinal);
        await Expect(ann.Page.Locator("form.composer, [role=log], #conversations-list")).ToHaveCountAsync(0);
        await Expect(ann.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Sign in", Exact = true })).ToBeVisibleAsync();
        await ann.Page.GotoAsync("/accounts/sign-in");
        await ann.Page.GoBackAsync();
        await Expect(ann.Label("Account or e-mail")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task While_the_line_is_down_nobody_seems_here_or_typing_and_the_icons_stay()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await using var ann = await chromium.OpenAsync(app.Address);
        await using var ben = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ben.BeAsync(b, app.Address);
        await ann.Page.GotoAsync($"/rooms/{room}");
        await ben.Page.GotoAsync($"/rooms/{room}");
        await Expect(ann.Page.Locator("main > header .here")).ToHaveCountAsync(1);
        await Expect(ann.Page.Locator("main > header .here-now")).ToHaveTextAsync("online");
        await Expect(ann.Page.Locator("#pending")).ToHaveCountAsync(1);

        // A page that hears that its line is lost: what it says then must not need the server.
        await ann.Page.EvaluateAsync("() => import(document.querySelector('script[src*=\"/js/app\"]').src.replace(/app[^/]*$/, 'live.js')).then(m => m.live.dispatchEvent(new CustomEvent('closed', { detail: { code: 1006, at: Date.now() + 60000 } })))");

        var banner = ann.Page.Locator(".banner");
        await Expect(banner.Locator("b")).ToHaveTextAsync("Reconnecting…");
        await Expect(banner).ToContainTextAsync("What you write is kept.");
        Assert.True(await banner.Locator("svg path").CountAsync() > 0);
        Assert.Equal(0, await banner.Locator("svg use").CountAsync());
        await Expect(ann.Page.Locator(".face > .here")).ToHaveCountAsync(0);
        await Expect(ann.Page.Locator("main > header .here-now")).ToHaveTextAsync("");
    }

    [Fact]
    public async Task On_paper_a_conversation_is_whole_and_alone()
    {
        using var app = new App();
        var (a, _, room) = await app.FriendsAsync("ann", "ben");
        var token = await a.TokenAsync();
        for (var i = 0; i < 45; i++)
            await a.SayAsync(room, $"line {i.ToString(CultureInfo.InvariantCulture)}", token);
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/rooms/{room}");
        await ann.SeesAsync("line 44");

        await ann.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Microsoft.Playwright.Media.Print });

        foreach (var part in new[] { "nav.rail", "nav.pane", "form.composer", "main > header .actions" })
            await Expect(ann.Page.Locator(part)).ToBeHiddenAsync();
        Assert.True(await ann.Page.EvaluateAsync<bool>("() => { const past = document.querySelector('.past'); return past.scrollHeight === past.clientHeight && document.documentElement.scrollHeight > 1500; }"));
        Assert.True(await ann.Page.EvaluateAsync<bool>("() => { const all = [...document.querySelectorAll('article')].map(a => a.getBoundingClientRect().top); return all.every((top, i) => !i || top > all[i - 1]); }"));
    }

    [Fact]
    public async Task Where_there_are_keys_one_writes_at_once_and_a_place_asked_for_is_in_view()
    {
        using var app = new App();
        var (a, _, room) = await app.FriendsAsync("ann", "ben");
        var token = await a.TokenAsync();
        for (var i = 0; i < 60; i++)
            await a.SayAsync(room, $"line {i.ToString(CultureInfo.InvariantCulture)}", token);
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/rooms/{room}");
        await Expect(ann.Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "Message", Exact = true })).ToBeFocusedAsync();

        await ann.Page.GotoAsync($"/rooms/{room}?around=20");

        await Expect(ann.Page.Locator($"#m-{room}-20")).ToBeInViewportAsync();
        await Expect(ann.Page.Locator("article.found")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_page_of_a_person_who_accepts_is_a_friends_page_without_reloading()
    {
        using var app = new App();
        using var a = await app.SignUpAsync("ann");
        using var b = await app.SignUpAsync("ben");
        await a.SubmitAsync("/people/ben/request", "Send request", ("Message", "It is me"));
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync("/people/ben");
        await Expect(ann.Page.GetByText("Request sent")).ToHaveCountAsync(1);
        await ann.Label("Remark").FillAsync("half a wor");

        await b.SubmitAsync("/contacts", "Accept");

        await Expect(ann.Link("Message")).ToBeVisibleAsync();
        await Expect(ann.Button("Delete friend")).ToBeVisibleAsync();
        await Expect(ann.Page.GetByText("Friends since")).ToBeVisibleAsync();
        await Expect(ann.Label("Remark")).ToHaveValueAsync("half a wor");
        await ann.Button("Block").ClickAsync();
        await Expect(ann.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/people/ben/block$"));
    }

    [Fact]
    public async Task One_who_joins_is_counted_where_they_joined()
    {
        using var app = new App();
        using var a = await app.SignUpAsync("ann");
        using var b = await app.SignUpAsync("ben");
        await a.SubmitAsync("/rooms/new", "Create group", ("Name", "Walkers"));
        await using var ben = await chromium.OpenAsync(app.Address);
        await ben.BeAsync(b, app.Address);
        await ben.Page.GotoAsync("/rooms/find?q=walkers");
        await Expect(ben.Page.GetByText("1 member")).ToBeVisibleAsync();

        await ben.Button("Join").ClickAsync();

        await Expect(ben.Page.GetByText("2 members")).ToBeVisibleAsync();
        await Expect(ben.Link("Open")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task However_long_the_list_of_conversations_nothing_else_scrolls_and_it_keeps_its_place()
    {
        using var app = new App();
        using var a = await app.SignUpAsync("ann");
        for (var i = 1; i <= 30; i++)
            await a.NewGroupAsync($"Group {i}");
        await using var ann = await chromium.OpenAsync(app, a, "/rooms", 1280);
        var row = ann.Page.Locator("#conversations-list li", new PageLocatorOptions { HasText = "Group 3" }).Last; // the oldest stand last

        await row.ScrollIntoViewIfNeededAsync();
        Assert.True(await ann.Page.EvaluateAsync<bool>("() => document.scrollingElement.scrollHeight <= innerHeight"), "the window scrolls");
        await Expect(ann.Page.Locator("#conversations-list li").First).Not.ToBeInViewportAsync();
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await ann.Page.WaitForURLAsync("**/rooms/*");

        await Expect(ann.Page.Locator("#conversations-list [aria-current]")).ToBeInViewportAsync();
        await Expect(ann.Page.Locator("#conversations-list li").First).Not.ToBeInViewportAsync();
        Assert.True(await ann.Page.EvaluateAsync<bool>("() => document.scrollingElement.scrollHeight <= innerHeight"), "the window scrolls");
    }
}
