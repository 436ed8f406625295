using Microsoft.Playwright;
using WebChat.Rooms;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>Those who lead a group and those who are in it, each at their screen.</summary>
public sealed class GroupTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_member_leads_with_the_owner_and_no_longer_without_a_reload()
    {
        await using var two = await OpenAsync(390);
        var (ann, ben) = (two.Ann, two.Ben);
        await two.Say("before it all");
        await ben.SeesAsync("before it all");
        await Expect(await OfferAsync(ben, "before it all", "Pin")).ToHaveCountAsync(0);

        await ann.Page.GotoAsync($"/rooms/{two.Group}/members");
        await ann.Button("Make administrator").ClickAsync();
        await Expect(ann.Page.GetByText("ben is an administrator")).ToBeVisibleAsync();
        await ben.SeesAsync("ann made ben an administrator");
        await Expect(ben.Page.Locator("#message-actions[data-recall-for]")).ToBeAttachedAsync();
        await ben.Page.WaitForFunctionAsync("() => document.querySelector('#message-actions').content.textContent.includes('Unpin')");
        await Expect(await OfferAsync(ben, "before it all", "Pin")).ToHaveCountAsync(1);

        await ann.Button("Remove administrator").ClickAsync();
        await ben.SeesAsync("ann took the administrator's rights from ben");
        await ben.Page.WaitForFunctionAsync("() => !document.querySelector('#message-actions').content.textContent.includes('Unpin')");
        await ann.AxeAsync("members");
    }

    [Fact]
    public async Task Who_is_muted_reads_until_when_and_keeps_what_they_had_begun()
    {
        await using var two = await OpenAsync(1280);
        var (ann, ben) = (two.Ann, two.Ben);
        var composer = ben.Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "Message", Exact = true });
        await composer.FillAsync("half a thou");

        await ann.Page.GotoAsync($"/rooms/{two.Group}/members");
        await ann.Button("Mute").ClickAsync();
        await ann.Label("10 minutes").CheckAsync();
        await ann.Button("Mute").ClickAsync();
        await Expect(ann.Page.GetByText("ben is muted")).ToBeVisibleAsync();
        await Expect(ben.Page.GetByText("You are muted in this group until")).ToBeVisibleAsync();
        await Expect(composer).ToBeHiddenAsync();
        await ben.AxeAsync("muted");
        await two.Say("you hear this");
        await ben.SeesAsync("you hear this");

        await ann.Button("Unmute").ClickAsync();
        await Expect(composer).ToBeVisibleAsync();
        await Expect(composer).ToHaveValueAsync("half a thou");
        await ben.SayAsync("a whole one");
        await ben.SeesAsync("a whole one");

        await two.App.Get<Groups>().MuteAsync(two.Group, two.AnnId, two.BenId, TimeSpan.FromSeconds(3));
        await Expect(composer).ToBeHiddenAsync();
        await Expect(composer).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 15_000 }); // it ends by itself
    }

    [Fact]
    public async Task An_announcement_stands_above_the_room_until_each_puts_it_away()
    {
        await using var two = await OpenAsync(1280);
        var (ann, ben) = (two.Ann, two.Ben);
        var other = await ben.NewTabAsync();
        await other.GotoAsync($"/rooms/{two.Group}");
        await ann.Page.GotoAsync($"/rooms/{two.Group}/settings");
        await ann.Label("Announcement").FillAsync("Bring boots, see https://boots.example");
        await ann.Label("Who can write").SelectOptionAsync("Administrators only");
        await ann.AxeAsync("settings");
        await ann.Button("Save").ClickAsync();

        foreach (var page in new[] { ben.Page, other })
        {
            await Expect(page.Locator("#notice").GetByText("Bring boots")).ToBeVisibleAsync();
            await Expect(page.GetByText("Only administrators write in this group.")).ToBeVisibleAsync();
        }
        await ben.Button("Put away").ClickAsync();
        foreach (var page in new[] { ben.Page, other })
            await Expect(page.Locator("#notice")).ToBeHiddenAsync();
        await ann.Page.GotoAsync($"/rooms/{two.Group}");
        await Expect(ann.Page.Locator("#notice").GetByText("Bring boots")).ToBeVisibleAsync();
        await ann.Link("Read").ClickAsync();
        await Expect(ann.Link("https://boots.example")).ToBeVisibleAsync();
        await ann.AxeAsync("announcement");

        await ann.Page.GotoAsync($"/rooms/{two.Group}/settings");
        await ann.Label("Announcement").FillAsync("Bring sandals");
        await ann.Label("Who can write").SelectOptionAsync("Everybody");
        await ann.Button("Save").ClickAsync();
        await Expect(ben.Page.Locator("#notice").GetByText("Bring sandals")).ToBeVisibleAsync();
        await ben.SayAsync("sandals then");
        await ben.SeesAsync("sandals then");
    }

    [Fact]
    public async Task Who_asks_to_join_waits_and_both_sides_see_it_without_a_reload()
    {
        await using var two = await OpenAsync(390, joins: false, ("Who can join", "ByApproval"));
        var (ann, ben) = (two.Ann, two.Ben);
        await ann.Page.GotoAsync($"/rooms/{two.Group}");
        await ben.Page.GotoAsync($"/rooms/find?q={two.Group}");
        await ben.Page.GetByRole(AriaRole.Main).GetByLabel("Message").FillAsync("I walk too");
        await ben.Button("Join").ClickAsync();
        await Expect(ben.Page.GetByText("Waiting to be let in")).ToBeVisibleAsync();
        await ben.AxeAsync("waiting");

        await ann.Link("Members, 1 request to join").ClickAsync();
        await Expect(ann.Page.GetByText("I walk too")).ToBeVisibleAsync();
        await ann.AxeAsync("requests");
        await ben.Button("Withdraw").ClickAsync();
        await Expect(ann.Page.GetByText("I walk too")).ToBeHiddenAsync();
        await ben.Button("Join").ClickAsync();
        await ann.Button("Accept").ClickAsync();

        await ben.Link("Open").ClickAsync();
        await ben.SeesAsync("ann let ben in");
        await ben.SayAsync("thank you");
        await ben.SeesAsync("thank you");
    }

    [Fact]
    public async Task A_link_is_made_once_shown_once_and_leads_in()
    {
        await using var two = await OpenAsync(1280, joins: false, ("Who can join", "ByInvite"));
        var (ann, ben) = (two.Ann, two.Ben);
        await ann.Page.GotoAsync($"/rooms/{two.Group}/members");
        await ann.Link("Invite link").ClickAsync();
        await ann.Label("For how many").SelectOptionAsync("1 person");
        await ann.Button("Make link").ClickAsync();
        var link = await ann.Page.Locator("#link").TextContentAsync();
        await ann.AxeAsync("a link");
        await ann.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await ann.Button("Copy").ClickAsync();
        await Expect(ann.Button("Copied")).ToBeVisibleAsync();
        Assert.Equal(link, await ann.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
        Assert.Equal(0, await ann.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"));

        await ben.Page.GotoAsync(link!);
        await Expect(ben.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Walkers" })).ToBeVisibleAsync();
        await ben.AxeAsync("invited");
        await ben.Button("Join").ClickAsync();
        await ben.SeesAsync("ben joined by an invite link");

        await ann.Page.GotoAsync($"/rooms/{two.Group}/invites");
        await Expect(ann.Button("Revoke")).ToHaveCountAsync(0); // it was for one
    }

    [Fact]
    public async Task A_group_is_handed_over_and_its_old_owner_may_leave()
    {
        await using var two = await OpenAsync(390);
        var (ann, ben) = (two.Ann, two.Ben);
        await ann.Page.GotoAsync($"/rooms/{two.Group}/settings");
        await ann.Button("Hand over").ClickAsync();
        await ann.Button("Hand over").ClickAsync();
        await Expect(ann.Page.GetByText("Hand Walkers over to ben?")).ToBeVisibleAsync();
        await ann.AxeAsync("hand over");
        await ann.Button("Hand over").ClickAsync();

        await Expect(ann.Page.GetByText("ben is the owner now")).ToBeVisibleAsync();
        await ben.SeesAsync("ann handed the group over to ben");
        await ben.Page.GotoAsync($"/rooms/{two.Group}/settings");
        await Expect(ben.Button("Dissolve group")).ToBeVisibleAsync();
        await ann.Page.GotoAsync($"/rooms/{two.Group}/settings");
        await ann.Button("Leave group").ClickAsync();
        await ann.Button("Leave group").ClickAsync();
        await Expect(ben.Page.GetByText("Members, 1")).ToBeVisibleAsync();
    }

    /// <summary>An owner and one more, who looks at the group if they are in it: one at a desk and one on a phone.</summary>
    private async Task<Pair> OpenAsync(int anns, bool joins = true, params (string, string)[] rules)
    {
        var app = new App();
        var (a, b) = (await app.SignUpAsync("ann"), await app.SignUpAsync("ben"));
        var group = await a.NewGroupAsync("Walkers");
        if (joins)
            await b.SubmitAsync($"/rooms/find?q={group}", "Join");
        if (rules.Length > 0)
            await a.SubmitAsync($"/rooms/{group}/settings", "Save", rules);
        var pair = new Pair(app, a, await LookAsync(a, anns), await LookAsync(b, anns == 390 ? 1280 : 390), group, await a.IdAsync(), await b.IdAsync());
        if (joins)
            await pair.Ben.Page.GotoAsync($"/rooms/{group}");
        return pair;

        async Task<Screen> LookAsync(Person person, int width)
        {
            var screen = await chromium.OpenAsync(app.Address, o => o.ViewportSize = new ViewportSize { Width = width, Height = 800 });
            await screen.BeAsync(person, app.Address);
            return screen;
        }
    }

    /// <summary>What the menu of a message offers, by its words.</summary>
    private static async Task<ILocator> OfferAsync(Screen screen, string message, string what)
    {
        var article = screen.Message(message);
        await article.HoverAsync();
        if (await article.Locator("details.menu[open]").CountAsync() > 0)
            await screen.Page.Keyboard.PressAsync("Escape");
        await article.GetByLabel("Message actions").ClickAsync();
        await Expect(article.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Reply", Exact = true })).ToBeVisibleAsync();
        return article.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = what, Exact = true });
    }

    private sealed record Pair(App App, Person Owner, Screen Ann, Screen Ben, long Group, long AnnId, long BenId) : IAsyncDisposable
    {
        public Task<long> Say(string text) => Owner.SayAsync(Group, text);

        public async ValueTask DisposeAsync()
        {
            await Ann.DisposeAsync();
            await Ben.DisposeAsync();
            await App.DisposeAsync();
        }
    }
}
