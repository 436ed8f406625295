using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>What catches somebody's eye: levels of rooms, and notifications, at two widths.</summary>
[Collection(BrowserTests.Name)]
public sealed class NoticeTests(Chromium chromium)
{
    [Fact]
    public async Task A_silenced_room_is_marked_in_every_tab_and_does_not_count()
    {
        const int width = 390;
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

    [Fact]
    public async Task What_comes_while_nobody_looks_is_shown_and_what_is_read_or_taken_back_is_not()
    {
        const int width = 1280;
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await using var ben = await OpenAsync(app, b, width, o => o.Permissions = ["notifications"]);
        await TurnOnAsync(ben);
        var second = await ben.NewTabAsync();
        await second.GotoAsync("/me");

        var seq = await a.SayAsync(room, "tea at *four*?");
        await ShownAsync(ben.Page, $"ann|tea at four?|room-{room}");
        await a.SayAsync(room, "or at five?");
        await ShownAsync(ben.Page, $"ann|or at five?|room-{room}"); // in place of the one before
        await second.GotoAsync($"/rooms/{room}");
        await Expect(second.Locator("article[data-seq]").Last).ToContainTextAsync("or at five?");
        await ShownAsync(ben.Page);
        await second.GotoAsync("/me");

        seq = await a.SayAsync(room, "a mistake");
        await ShownAsync(ben.Page, $"ann|a mistake|room-{room}");
        await a.ActAsync(room, seq, "recall");
        await ShownAsync(ben.Page);
    }

    [Fact]
    public async Task A_room_that_is_looked_at_or_silenced_shows_nothing_and_others_do()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        using var c = await app.SignUpAsync("cas");
        var other = await c.BefriendAsync(b);
        var group = await c.NewGroupAsync("Saturday Walkers");
        await b.SubmitAsync($"/rooms/find?q={group}", "Join");
        await b.SubmitAsync($"/rooms/{other}/notifications", "Save", ("Nothing", "Nothing"));
        await using var ben = await OpenAsync(app, b, 1280, o => o.Permissions = ["notifications"]);
        await TurnOnAsync(ben);
        await ben.Page.GotoAsync($"/rooms/{room}");

        await a.SayAsync(room, "in plain sight");
        await c.SayAsync(other, "unheard");
        await ben.SeesAsync("in plain sight");
        await c.SayAsync(group, "who comes along?");

        await ShownAsync(ben.Page, $"cas · Saturday Walkers|who comes along?|room-{group}");
        await b.SayAsync(group, "I do"); // from another device: who writes has read
        await ShownAsync(ben.Page);
    }

    [Fact]
    public async Task The_switch_says_what_is_true_and_what_is_pushed_is_shown_by_the_worker()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await using var ben = await OpenAsync(app, b, 1280, o => o.Permissions = ["notifications"]);
        await TurnOnAsync(ben);
        await ben.AxeAsync("the page of notifications");
        await ben.Page.ReloadAsync();
        await Expect(ben.Label("Notify me on this device")).ToBeCheckedAsync();

        await PushAsync(ben, app, $$"""{"room":"{{room}}","seq":41,"title":"ann","body":"while you were away","unread":3}""");
        await ShownAsync(ben.Page, $"ann|while you were away|room-{room}");
        await PushAsync(ben, app, $$"""{"room":"{{room}}","seq":41,"title":"ann","body":"Message recalled","unread":3,"isGone":true}""");
        await ShownAsync(ben.Page, $"ann|Message recalled|room-{room}");

        await ben.Label("Notify me on this device").UncheckAsync();
        await Expect(ben.Page.Locator("#notify-state")).ToContainTextAsync("Off.");
        await ShownAsync(ben.Page);
        await a.SayAsync(room, "not on this device");
        await Expect(ben.Page).ToHaveTitleAsync(new Regex("^Notifications"));
        await Expect(ben.Page.Locator("#rail-unread .badge")).ToContainTextAsync("1");
        await ShownAsync(ben.Page);
    }

    [Fact]
    public async Task A_page_beside_other_work_is_read_when_it_is_looked_at_again()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await using var ben = await OpenAsync(app, b, 1280);
        await ben.Page.GotoAsync($"/rooms/{room}");
        await Expect(ben.Page.Locator("[role=log]")).ToBeVisibleAsync();
        await ben.Page.EvaluateAsync("() => { document.hasFocus = () => false; }");

        await a.SayAsync(room, "over here");
        await ben.SeesAsync("over here");
        await Expect(ben.Page.Locator("#rail-unread .badge")).ToContainTextAsync("1");

        await ben.Page.EvaluateAsync("() => { document.hasFocus = () => true; dispatchEvent(new Event('focus')); }");
        await Expect(ben.Page.Locator("#rail-unread .badge")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task The_offer_is_made_once_and_a_browser_that_refuses_is_named(int width)
    {
        using var app = new App();
        using var b = await app.SignUpAsync("ben");
        await using var ben = await OpenAsync(app, b, width);
        await ben.Page.GotoAsync("/rooms");
        var offer = ben.Page.GetByRole(AriaRole.Complementary, new PageGetByRoleOptions { Name = "Notifications" });
        await Expect(offer).ToBeVisibleAsync();
        await ben.AxeAsync($"the offer at {width}");

        await ben.Button("Not now").ClickAsync();
        await Expect(offer).ToBeHiddenAsync();
        await ben.Page.ReloadAsync();
        await Expect(ben.Page.Locator("#conversations-list")).ToBeVisibleAsync();
        await Expect(offer).ToBeHiddenAsync();

        await ben.Page.GotoAsync("/me/notifications");
        await Expect(ben.Page.Locator("#notify-state")).ToContainTextAsync("Off.");
        await ben.Label("Notify me on this device").ClickAsync(); // this browser asks nobody, and says no
        await Expect(ben.Page.Locator("#notify-state")).ToContainTextAsync("The browser blocks notifications");
        await Expect(ben.Label("Notify me on this device")).ToBeDisabledAsync();
        await ben.AxeAsync($"blocked notifications at {width}");
    }

    private static async Task TurnOnAsync(Screen screen)
    {
        await screen.Page.GotoAsync("/me/notifications");
        await Expect(screen.Page.Locator("#notify-state")).ToContainTextAsync("Off.");
        await screen.Label("Notify me on this device").CheckAsync();
        await Expect(screen.Page.Locator("#notify-state")).ToContainTextAsync("On, while a page of this chat is open"); // no push service is reached from here
    }

    /// <summary>Waits until these notifications are shown, and no others.</summary>
    private static Task<IJSHandle> ShownAsync(IPage page, params string[] expected) => page.WaitForFunctionAsync(
        """
        async expected => {
          const shown = (await (await navigator.serviceWorker.ready).getNotifications()).map(n => `${n.title}|${n.body}|${n.tag}`);
          return JSON.stringify(shown.sort()) === JSON.stringify(expected.sort());
        }
        """, expected, new PageWaitForFunctionOptions { PollingInterval = 100 });

    /// <summary>Hands the page's service worker a push, as the browser would that got it.</summary>
    private static async Task PushAsync(Screen screen, App app, string data)
    {
        var line = await screen.Context.NewCDPSessionAsync(screen.Page);
        var worker = new TaskCompletionSource<string>();
        line.Event("ServiceWorker.workerRegistrationUpdated").OnEvent += (_, told) =>
        {
            if (told is { } registrations && registrations.GetProperty("registrations").EnumerateArray().FirstOrDefault() is { ValueKind: System.Text.Json.JsonValueKind.Object } registration)
                worker.TrySetResult(registration.GetProperty("registrationId").GetString()!);
        };
        await line.SendAsync("ServiceWorker.enable");
        await line.SendAsync("ServiceWorker.deliverPushMessage", new Dictionary<string, object>
        {
            ["origin"] = app.Address.GetLeftPart(UriPartial.Authority), ["registrationId"] = await worker.Task.WaitAsync(TimeSpan.FromSeconds(15)), ["data"] = data,
        });
        await line.DetachAsync();
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
