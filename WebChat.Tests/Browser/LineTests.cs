using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>A page whose line to the server is cut and mended: what it missed, and what it says was missed.</summary>
[Collection(BrowserTests.Name)]
public sealed class LineTests(Chromium chromium)
{
    /// <summary>Keeps the page's sockets at hand, and refuses new ones while the line is cut.</summary>
    private const string Scissors =
        """
        const Socket = WebSocket;
        window.lines = [];
        window.WebSocket = class extends Socket {
          constructor(address) {
            if (window.isCut) { const none = { readyState: 3, close() { } }; setTimeout(() => none.onclose({ code: 1006 })); return none; }
            super(address);
            lines.push(this);
          }
        };
        """;

    [Fact]
    public async Task After_more_than_can_be_replayed_the_page_is_the_newest_and_leads_back_without_a_hole()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        var token = await b.TokenAsync();
        for (var i = 2; i <= 60; i++)
            await b.SayAsync(room, $"early {i}", token);
        await using var ann = await OpenAsync(app, a, room);
        await CutAsync(ann);
        for (var i = 61; i <= 280; i++)
            await b.SayAsync(room, $"missed {i}", token);
        await MendAsync(ann);
        await ann.SeesAsync("missed 280");
        await Expect(ann.Page.Locator(".line-new")).ToHaveCountAsync(0); // the first of them is further up

        var live = await ann.LogAsync();
        var other = await ann.NewTabAsync();
        await other.GotoAsync($"/rooms/{room}");
        Assert.Equal(live, await Screen.LogAsync(other));

        for (var first = 231L; first > 1; first -= 50)
        {
            Assert.Equal(Enumerable.Range((int)first, 281 - (int)first).Select(i => (long)i), await PlacesAsync(ann));
            await ann.Link("Older messages").ClickAsync();
            await ann.Page.Locator($"#m-{room}-{Math.Max(1, first - 50)}").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        }
        Assert.Equal(Enumerable.Range(1, 280).Select(i => (long)i), await PlacesAsync(ann));
        await Expect(ann.Link("Older messages")).ToHaveCountAsync(0);
        await StandsBeforeAsync(ann, "missed 61");
    }

    [Fact]
    public async Task What_came_unseen_stands_below_a_line_that_moves_on_once_it_is_read()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await b.SayAsync(room, "before");
        await using var ann = await OpenAsync(app, a, room);
        await ann.SeesAsync("before");

        await CutAsync(ann);
        await b.SayAsync(room, "missed");
        await MendAsync(ann);
        await ann.SeesAsync("missed");
        await StandsBeforeAsync(ann, "missed");

        await b.SayAsync(room, "looked at");
        await ann.SeesAsync("looked at");
        await StandsBeforeAsync(ann, "missed");

        await ann.Page.EvaluateAsync("() => Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })");
        await b.SayAsync(room, "behind my back");
        await ann.SeesAsync("behind my back");
        await b.SayAsync(room, "and more");
        await ann.SeesAsync("and more");
        await StandsBeforeAsync(ann, "behind my back");
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task With_more_unread_than_fits_one_reads_on_where_one_stopped(int width)
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await a.GetPageAsync($"/rooms/{room}");
        var token = await b.TokenAsync();
        for (var i = 2; i <= 40; i++)
            await b.SayAsync(room, $"line {i}", token);
        await using var ann = await chromium.OpenAsync(app, a, $"/rooms/{room}", width);

        await Expect(ann.Page.Locator(".line-new")).ToBeInViewportAsync();
        await Expect(ann.Page.Locator("article", new PageLocatorOptions { HasText = "line 2" }).First).ToBeInViewportAsync();
        await Expect(ann.Page.Locator("article").Last).Not.ToBeInViewportAsync();

        await ann.Page.Locator(".newest").ClickAsync();
        await Expect(ann.Page.Locator("article").Last).ToBeInViewportAsync();
        await Expect(ann.Page.Locator(".newest")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task With_more_unread_than_a_page_holds_the_line_stands_before_the_first_and_nowhere_else()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await a.GetPageAsync($"/rooms/{room}");
        var token = await b.TokenAsync();
        for (var i = 2; i <= 70; i++)
            await b.SayAsync(room, $"line {i}", token);
        await using var ann = await OpenAsync(app, a, room);
        await ann.SeesAsync("line 70");
        await Expect(ann.Page.Locator(".line-new")).ToHaveCountAsync(0);
        await ann.Link("Older messages").ClickAsync();
        await StandsBeforeAsync(ann, "line 2");
    }

    [Fact]
    public async Task A_silent_line_is_given_up_for_one_other_and_no_more()
    {
        using var app = new App();
        using var a = await app.SignUpAsync("ann");
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.AddInitScriptAsync(Scissors);
        await ann.Page.Clock.InstallAsync();
        await ann.Page.GotoAsync("/lobby");
        await ann.Page.WaitForFunctionAsync("() => lines.length === 1 && lines[0].readyState === 1");

        await ann.Page.Clock.FastForwardAsync(46_000);
        await ann.Page.WaitForFunctionAsync("() => lines[0].readyState === 3");
        await ann.Page.Clock.RunForAsync(4_000);
        await ann.Page.WaitForFunctionAsync("() => lines.at(-1).readyState === 1");
        Assert.Equal(2, await ann.Page.EvaluateAsync<int>("() => lines.length"));
    }

    [Fact]
    public async Task Coming_online_while_the_socket_connects_leaves_no_error_behind()
    {
        using var app = new App();
        using var a = await app.SignUpAsync("ann");
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.AddInitScriptAsync(Scissors);
        await ann.Page.AddInitScriptAsync("const Kept = WebSocket; window.WebSocket = class extends Kept { constructor(address) { super(address); if (lines.length === 1) queueMicrotask(() => dispatchEvent(new Event('online'))); } };");
        await ann.Page.GotoAsync("/lobby");
        await ann.Page.WaitForFunctionAsync("() => lines.length === 2 && lines[0].readyState === 3 && lines[1].readyState === 1");
        await ann.SayAsync("hello");
        await ann.SeesAsync("hello");
    }

    private async Task<Screen> OpenAsync(App app, Person person, long room)
    {
        var screen = await chromium.OpenAsync(app.Address);
        await screen.BeAsync(person, app.Address);
        await screen.Page.AddInitScriptAsync(Scissors);
        await screen.Page.GotoAsync($"/rooms/{room}");
        await screen.Page.WaitForFunctionAsync("() => lines.length === 1 && lines[0].readyState === 1");
        return screen;
    }

    private static async Task CutAsync(Screen screen)
    {
        await screen.Page.EvaluateAsync("() => { window.isCut = true; lines.at(-1).close(); }");
        await Expect(screen.Page.Locator(".banner")).ToBeVisibleAsync();
    }

    private static async Task MendAsync(Screen screen)
    {
        await screen.Page.EvaluateAsync("() => { window.isCut = false; dispatchEvent(new Event('online')); }");
        await Expect(screen.Page.Locator(".banner")).ToHaveCountAsync(0);
    }

    private static Task<long[]> PlacesAsync(Screen screen) =>
        screen.Page.EvaluateAsync<long[]>("() => [...document.querySelectorAll('article[data-seq]')].map(a => Number(a.dataset.seq))");

    private static async Task StandsBeforeAsync(Screen screen, string text)
    {
        await Expect(screen.Page.Locator(".line-new")).ToHaveCountAsync(1);
        await Expect(screen.Page.Locator(".line-new + article")).ToContainTextAsync(text);
    }
}
