using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>Sending, where the page is no ordinary one.</summary>
[Collection(BrowserTests.Name)]
public sealed class ComposerTests(Chromium chromium)
{
    [Fact]
    public async Task What_is_sent_from_a_page_of_history_stands_at_the_end_and_nowhere_else()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        var token = await b.TokenAsync();
        for (var i = 2; i <= 70; i++)
            await b.SayAsync(room, $"line {i}.", token);
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/rooms/{room}?before=60");
        await ann.Label("Message").PressSequentiallyAsync("about what was long ago");
        await ann.Button("Send").ClickAsync();
        await ann.Page.WaitForURLAsync($"**/rooms/{room}");
        await ann.SeesAsync("about what was long ago");
        await Expect(ann.Page.Locator("article").Last).ToContainTextAsync("about what was long ago");
        await Expect(ann.Page.Locator("article:not([data-seq])")).ToHaveCountAsync(0);
        await Expect(ann.Label("Message")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_tab_opened_while_another_sends_shows_the_message_once_and_not_as_lost()
    {
        using var app = new App();
        var (a, _, room) = await app.FriendsAsync("ann", "ben");
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/rooms/{room}");
        var gate = new TaskCompletionSource();
        await ann.Page.RouteAsync("**/messages", async route =>
        {
            await gate.Task;
            await route.ContinueAsync();
        });
        await ann.SayAsync("on its way");
        await Expect(ann.Page.Locator("article.sending")).ToHaveCountAsync(1);

        var other = await ann.NewTabAsync();
        await other.AddInitScriptAsync("new MutationObserver(() => { if (document.querySelector('article.failed')) window.saidLost = true; }).observe(document, { childList: true, subtree: true, attributes: true });");
        await other.GotoAsync($"/rooms/{room}");
        await other.Locator("article.mine[data-seq]").Filter(new LocatorFilterOptions { HasText = "on its way" }).WaitForAsync();
        gate.SetResult();
        foreach (var tab in new[] { ann.Page, other })
        {
            await Expect(tab.Locator("article").Filter(new LocatorFilterOptions { HasText = "on its way" })).ToHaveCountAsync(1);
            await Expect(tab.Locator("article:not([data-seq])")).ToHaveCountAsync(0);
        }
        Assert.False(await other.EvaluateAsync<bool>("() => window.saidLost === true"));
        await ann.Page.UnrouteAllAsync(new PageUnrouteAllOptions { Behavior = UnrouteBehavior.IgnoreErrors });
    }

    [Fact]
    public async Task What_is_discarded_in_one_tab_is_gone_in_the_other()
    {
        using var app = new App();
        var (a, _, room) = await app.FriendsAsync("ann", "ben");
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        ann.IsServerDown = true;
        await ann.Context.RouteAsync("**/messages", route => route.AbortAsync("connectionrefused"));
        await ann.Page.GotoAsync($"/rooms/{room}");
        await ann.SayAsync("better not");
        await Expect(ann.Page.Locator("article.failed")).ToHaveCountAsync(1, new LocatorAssertionsToHaveCountOptions { Timeout = 15_000 });
        var other = await ann.NewTabAsync();
        await other.GotoAsync($"/rooms/{room}");
        await other.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Discard" }).ClickAsync();
        await Expect(ann.Page.Locator("article:not([data-seq])")).ToHaveCountAsync(0);
        await Expect(other.Locator("article:not([data-seq])")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_open_room_counts_as_read_only_as_far_as_it_was_looked_at()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        var token = await b.TokenAsync();
        for (var i = 2; i <= 40; i++)
            await b.SayAsync(room, $"line {i}.", token);
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/rooms/{room}");
        await ann.SeesAsync("line 40.");
        var other = await ann.NewTabAsync();
        await other.GotoAsync("/contacts");
        await ann.Page.EvaluateAsync("() => { document.querySelector('.past').scrollTop = -600; }");
        await b.SayAsync(room, "below the fold", token);
        await Expect(other.Locator("#rail-unread .badge")).ToContainTextAsync("1");
        await Expect(ann.Page.Locator($"li[data-room='{room}'] .badge")).ToContainTextAsync("1");

        await ann.Page.EvaluateAsync("() => { document.querySelector('.past').scrollTop = 0; }");
        await Expect(other.Locator("#rail-unread .badge")).ToHaveCountAsync(0);
        await Expect(ann.Page.Locator($"li[data-room='{room}'] .badge")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_too_long_is_said_before_it_goes_and_what_was_refused_can_be_made_shorter()
    {
        using var app = new App();
        var (a, _, room) = await app.FriendsAsync("ann", "ben");
        await using var ann = await chromium.OpenAsync(app, a, $"/rooms/{room}", 1280);
        var field = ann.Page.Locator("form.composer textarea");

        await field.FillAsync(string.Concat(Enumerable.Repeat("tide ", 801)) + "ends");
        await ann.Button("Send").ClickAsync();
        await Expect(ann.Page.Locator("#refused")).ToContainTextAsync("At most 4,000 characters. These are 4,009.");
        await Expect(ann.Page.Locator("article.sending, article.failed")).ToHaveCountAsync(0);

        var families = string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 700)); // few characters, and too many bytes
        await ann.ExpectingAsync(400, async () =>
        {
            await field.FillAsync(families);
            await ann.Button("Send").ClickAsync();
            await Expect(ann.Page.Locator("article.failed")).ToHaveCountAsync(1);
        });
        await Expect(ann.Page.Locator("#refused")).ToBeHiddenAsync();
        await Expect(ann.Button("Retry")).ToBeHiddenAsync(); // as it is it is refused again
        await ann.Page.Locator("article.failed").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Edit", Exact = true }).ClickAsync();
        await Expect(ann.Page.Locator("article.failed")).ToHaveCountAsync(0);
        await Expect(field).ToHaveValueAsync(families);
    }
}
