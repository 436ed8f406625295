using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class JourneyTests(Chromium chromium, ITestOutputHelper output)
{
    [Fact]
    public async Task Two_people_go_from_an_empty_installation_to_talking()
    {
        using var app = new App();
        await using var ann = await chromium.OpenAsync(app.Address);
        await using var ben = await chromium.OpenAsync(app.Address);

        await ann.SetUpAsync("ann");
        await RegisterAsync(app, ben, "ben", "Ben Okafor");

        await ann.Page.GotoAsync("/contacts/find");
        await ann.Label("Search").FillAsync("ben");
        await ann.Button("Find").ClickAsync();
        await ann.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Ben Okafor" }).First.ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Ben Okafor", Exact = true })).ToBeVisibleAsync();

        await ben.Page.GotoAsync("/contacts");
        await ann.Button("Add friend").ClickAsync();
        await ann.Label("Message").FillAsync("It is Ann, from the ferry");
        await ann.Button("Send request").ClickAsync();
        await Expect(ben.Page.GetByText("It is Ann, from the ferry")).ToBeVisibleAsync(); // live
        await ben.Button("Accept").ClickAsync();
        await Expect(ben.Page.GetByRole(AriaRole.List, new PageGetByRoleOptions { NameRegex = new("^Friends") }).GetByText("ann")).ToBeVisibleAsync();

        await ann.Page.GotoAsync("/rooms");
        await ann.Page.GetByRole(AriaRole.List, new PageGetByRoleOptions { NameRegex = new("^Conversations") }).GetByRole(AriaRole.Link).Filter(new LocatorFilterOptions { HasText = "Ben Okafor" }).ClickAsync();
        await ann.SayAsync("Are you there?");
        await ben.Page.GotoAsync("/rooms");
        var row = ben.Page.GetByRole(AriaRole.List, new PageGetByRoleOptions { NameRegex = new("^Conversations") }).GetByRole(AriaRole.Link).Filter(new LocatorFilterOptions { HasText = "ann" }).First;
        await Expect(row).ToContainTextAsync("unread");
        await row.ClickAsync();
        await ben.SeesAsync("Are you there?");
        await ben.SayAsync("Just arrived");
        await ann.SeesAsync("Just arrived");
        await Expect(ann.Page.Locator("[role=log] .read")).ToHaveCountAsync(1);
        await Expect(ben.Page.Locator("[role=log] .read")).ToHaveCountAsync(1);

        foreach (var screen in new[] { ann, ben })
        {
            var live = await screen.LogAsync();
            await screen.Page.ReloadAsync();
            Assert.Equal(live, await screen.LogAsync());
        }
    }

    [Fact]
    public async Task A_message_is_seen_by_the_other_at_once()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await using var ann = await chromium.OpenAsync(app.Address);
        await using var ben = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ben.BeAsync(b, app.Address);
        await ann.Page.GotoAsync($"/rooms/{room}");
        await ben.Page.GotoAsync($"/rooms/{room}");
        // Both windows share the machine's clock: each notes the moment in milliseconds.
        await ben.Page.EvaluateAsync("() => { window.seen = {}; new MutationObserver(() => { for (const a of document.querySelectorAll('article[data-seq]')) window.seen[a.textContent.match(/tick-\\d\\d/)?.[0]] ??= Date.now(); }).observe(document.querySelector('[role=log]'), { childList: true, subtree: true }); }");
        await ann.Page.EvaluateAsync("() => { window.sent = {}; document.querySelector('form.composer').addEventListener('submit', () => { window.sent[document.querySelector('textarea').value] = Date.now(); }, true); }");

        for (var i = 0; i < 40; i++)
        {
            await ann.SayAsync($"tick-{i:00}");
            await ben.SeesAsync($"tick-{i:00}");
        }

        var sent = await ann.Page.EvaluateAsync<Dictionary<string, double>>("() => window.sent");
        var seen = await ben.Page.EvaluateAsync<Dictionary<string, double>>("() => window.seen");
        var took = sent.Select(s => seen[s.Key] - s.Value).Skip(5).Order().ToList();
        output.WriteLine($"Measured: from Send in one browser to seen in another, median {took[took.Count / 2]} ms, slowest {took[^1]} ms");
        Assert.Equal(40, sent.Count);
    }

    [Fact]
    public async Task Two_tabs_and_the_badges_of_one_person_agree()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await b.GetPageAsync($"/rooms/{room}");
        await using var ben = await chromium.OpenAsync(app.Address);
        await ben.BeAsync(b, app.Address);
        await ben.Page.GotoAsync("/contacts");
        var list = await ben.NewTabAsync();
        await list.GotoAsync("/rooms");
        var badge = list.Locator($"li[data-room='{room}'] .badge");
        var rail = ben.Page.Locator("nav.rail .badge").First;

        await a.SayAsync(room, "one");
        await a.SayAsync(room, "two");
        await Expect(badge).ToContainTextAsync("2");
        await Expect(rail).ToContainTextAsync("2");
        await Expect(list).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex(@"^\(2\) "));

        var open = await ben.NewTabAsync();
        await open.GotoAsync($"/rooms/{room}");
        await Expect(badge).ToHaveCountAsync(0);
        await Expect(ben.Page.Locator("#rail-unread .badge")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Without_scripts_everything_still_works()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await using var ann = await chromium.OpenAsync(app.Address, o => o.JavaScriptEnabled = false);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/rooms/{room}");
        await ann.SayAsync("No scripts here");
        await ann.SeesAsync("No scripts here");
        await b.SayAsync(room, "Fine with me");
        await ann.Page.ReloadAsync();
        await ann.SeesAsync("Fine with me");
        await ann.Page.GotoAsync("/rooms/new");
        await ann.Label("Name").FillAsync("Walkers");
        await ann.Button("Create group").ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Walkers", Exact = true })).ToBeVisibleAsync();
        await ann.Page.GotoAsync("/me");
        await ann.Button("Sign out").ClickAsync();
        await Expect(ann.Button("Sign in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_scripts_two_people_go_from_an_empty_installation_to_a_group()
    {
        using var app = new App();
        await using var ann = await chromium.OpenAsync(app.Address, o => o.JavaScriptEnabled = false);
        await using var ben = await chromium.OpenAsync(app.Address, o => o.JavaScriptEnabled = false);
        await ann.SetUpAsync("ann");
        await RegisterAsync(app, ben, "ben", "Ben Okafor");

        await ann.Page.GotoAsync("/contacts/find");
        await ann.Label("Search").FillAsync("okafor");
        await ann.Button("Find").ClickAsync();
        await ann.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Ben Okafor" }).ClickAsync();
        await ann.Page.GetByText("Add friend", new PageGetByTextOptions { Exact = true }).First.ClickAsync();
        await ann.Label("Message").FillAsync("It is Ann");
        await ann.Button("Send request").ClickAsync();
        await Expect(ann.Page.GetByText("Request sent")).ToBeVisibleAsync();
        await ben.Page.GotoAsync("/contacts");
        await Expect(ben.Page.GetByText("It is Ann")).ToBeVisibleAsync();
        await ben.Button("Accept").First.ClickAsync();
        await ben.Page.GotoAsync("/rooms");
        await ben.Page.Locator("li[data-direct] a").ClickAsync();
        await ben.SayAsync("Hello without scripts");
        await ben.SeesAsync("Hello without scripts");
        await ann.Page.GotoAsync("/rooms");
        await ann.Page.Locator("li[data-direct] a").ClickAsync();
        await ann.SeesAsync("Hello without scripts");

        await ann.Page.GotoAsync("/rooms/new");
        await ann.Label("Name").FillAsync("Walkers");
        await ann.Button("Create group").ClickAsync();
        await ben.Page.GotoAsync("/rooms/find");
        await ben.Label("Search").FillAsync("walkers");
        await ben.Button("Find").ClickAsync();
        await ben.Button("Join").ClickAsync();
        await ben.Page.GotoAsync("/rooms");
        await ben.Page.Locator("li[data-room] a").Filter(new LocatorFilterOptions { HasText = "Walkers" }).ClickAsync();
        await ben.SayAsync("Boots are on");
        await ben.SeesAsync("Boots are on");
        await ben.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Group settings" }).ClickAsync();
        await ben.Button("Leave group").ClickAsync();
        await ben.Button("Leave group").ClickAsync();
        await ben.Page.GotoAsync("/rooms");
        await Expect(ben.Page.Locator("li[data-room]").Filter(new LocatorFilterOptions { HasText = "Walkers" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task In_Chinese_on_a_phone_the_same_conversation_reads_right()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await using var ben = await chromium.OpenAsync(app.Address, o =>
        {
            o.Locale = "zh-CN";
            o.ViewportSize = new ViewportSize { Width = 390, Height = 844 };
            o.HasTouch = true;
        });
        await ben.BeAsync(b, app.Address);
        await ben.Page.GotoAsync("/rooms");
        await Expect(ben.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "会话" })).ToBeVisibleAsync();
        await ben.Page.Locator($"li[data-room='{room}'] a").ClickAsync();
        await a.SayAsync(room, "周末去爬山吗？");
        await ben.Page.Locator("article[data-seq]").Filter(new LocatorFilterOptions { HasText = "周末去爬山吗？" }).WaitForAsync();
        await ben.Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "消息", Exact = true }).FillAsync("好的");
        await ben.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "发送", Exact = true }).ClickAsync();
        await ben.Page.Locator("article.mine[data-seq]").Filter(new LocatorFilterOptions { HasText = "好的" }).WaitForAsync();
        Assert.Equal(0, await ben.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        Assert.Equal("zh-Hans", await ben.Page.EvaluateAsync<string>("() => document.documentElement.lang"));
    }

    [Fact]
    public async Task Drafts_survive_a_reload_and_are_gone_once_sent()
    {
        using var app = new App();
        var (a, _, room) = await app.FriendsAsync("ann", "ben");
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/rooms/{room}");
        var field = ann.Label("Message");
        await field.PressSequentiallyAsync("half a thought");
        await ann.Page.ReloadAsync();
        await Expect(field).ToHaveValueAsync("half a thought");
        await ann.Button("Send").ClickAsync();
        await ann.SeesAsync("half a thought");
        await ann.Page.ReloadAsync();
        await Expect(field).ToHaveValueAsync("");
    }

    private static async Task RegisterAsync(App app, Screen screen, string account, string nickname)
    {
        await screen.Page.GotoAsync("/accounts/register");
        await screen.Label("E-mail").FillAsync($"{account}@example.org");
        await screen.Button("Send code").ClickAsync();
        await screen.Label("Code").FillAsync(app.CodeFor($"{account}@example.org"));
        await screen.Label("Account").FillAsync(account);
        await screen.Label("Nickname").FillAsync(nickname);
        await screen.Label("Password").FillAsync(App.Password);
        await screen.Button("Create account").ClickAsync();
        await screen.Page.WaitForURLAsync("**/rooms");
    }
}
