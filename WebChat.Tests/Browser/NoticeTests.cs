using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>What catches somebody's eye: levels of rooms, and notifications, at two widths.</summary>
[Collection(BrowserTests.Name)]
public sealed class NoticeTests(Chromium chromium)
{
    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task A_silenced_room_is_marked_in_every_tab_and_does_not_count(int width)
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await using var ben = await OpenAsync(app, b, width);
        var list = await ben.NewTabAsync();
        await list.GotoAsync("/rooms");
        await ben.Page.GotoAsync($"/rooms/{room}");
        await ben.Link("Notifications: all messages").ClickAsync();
        var dialog = ben.Page.GetByRole(AriaRole.Dialog, new PageGetByRoleOptions { Name = "Notifications" });
        await Expect(dialog.GetByLabel("All messages")).ToBeCheckedAsync();
        await ben.AxeAsync($"the levels at {width}");

        await dialog.GetByLabel("Nothing").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Save" }).ClickAsync();

        await Expect(dialog).ToBeHiddenAsync();
        await Expect(ben.Link("Notifications: nothing")).ToBeVisibleAsync();
        var row = list.Locator($"li[data-room='{room}']");
        await Expect(row.Locator(".hush")).ToBeVisibleAsync();
        await ben.Page.GotoAsync("/contacts");
        await a.SayAsync(room, "shh");
        await Expect(row.Locator(".badge")).ToHaveClassAsync("badge hushed");
        await Expect(row.Locator(".badge")).ToContainTextAsync("1");
        await Expect(list).ToHaveTitleAsync(new Regex("^Conversations"));
        await Expect(list.Locator("#rail-unread .badge")).ToHaveCountAsync(0);
        await list.ReloadAsync();
        await Expect(row.Locator(".badge")).ToHaveClassAsync("badge hushed");

        await ben.Page.GotoAsync($"/rooms/{room}/notifications");
        await ben.AxeAsync($"the page of levels at {width}");
        await ben.Label("All messages").CheckAsync();
        await ben.Button("Save").ClickAsync();
        await Expect(ben.Page).ToHaveURLAsync(new Regex($"/rooms/{room}$"));

        await Expect(row.Locator(".hush")).ToHaveCountAsync(0);
        await ben.Page.GotoAsync("/contacts");
        await a.SayAsync(room, "are you there?");
        await Expect(row.Locator(".badge")).ToHaveClassAsync("badge calls");
        await Expect(list).ToHaveTitleAsync(new Regex(@"^\(1\) "));
    }

    [Fact]
    public async Task In_a_room_that_calls_by_name_only_a_name_counts()
    {
        using var app = new App();
        var (a, b, _) = await app.FriendsAsync("ann", "ben");
        await using var ben = await OpenAsync(app, b, 1280);
        await ben.Page.GotoAsync("/rooms");
        var row = ben.Page.Locator("li[data-room]").Filter(new LocatorFilterOptions { HasText = "Lobby" });
        var lobby = long.Parse((await row.GetAttributeAsync("data-room"))!);

        await a.SayAsync(lobby, "good morning all of you");
        await Expect(row.Locator(".badge")).ToHaveClassAsync("badge hushed");
        await Expect(ben.Page.Locator("#rail-unread .badge")).ToHaveCountAsync(0);
        await a.SayAsync(lobby, "and you, @ben?");

        await Expect(row.Locator(".badge")).ToHaveClassAsync("badge calls");
        await Expect(row.Locator(".badge")).ToContainTextAsync("2");
        await Expect(ben.Page.Locator("#rail-unread .badge")).ToContainTextAsync("1");
        await Expect(ben.Page).ToHaveTitleAsync(new Regex(@"^\(1\) "));
    }

    private async Task<Screen> OpenAsync(App app, Person person, int width, Action<BrowserNewContextOptions>? options = null)
    {
        var screen = await chromium.OpenAsync(app.Address, o =>
        {
            o.ViewportSize = new ViewportSize { Width = width, Height = 844 };
            o.HasTouch = width < 700;
            options?.Invoke(o);
        });
        await screen.BeAsync(person, app.Address);
        return screen;
    }
}
