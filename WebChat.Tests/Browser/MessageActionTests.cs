using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>What two people do to each other's messages, and see of it.</summary>
[Collection(BrowserTests.Name)]
public sealed class MessageActionTests(Chromium chromium)
{
    [Fact]
    public async Task A_reply_quotes_what_it_answers_and_leads_there()
    {
        await using var two = await Two.OpenAsync(chromium);
        await two.Ben.SayAsync("Low water is at 11:40");
        await two.Ann.SeesAsync("Low water");

        await ActAsync(two.Ann, "Low water", "Reply");
        await Expect(two.Ann.Page.Locator("form.composer .answering")).ToContainTextAsync("Low water is at 11:40");
        await two.Ann.SayAsync("Then we leave at ten");

        foreach (var screen in new[] { two.Ann, two.Ben })
        {
            await Expect(screen.Message("Then we leave at ten").Locator(".quote")).ToContainTextAsync("ben");
            await Expect(screen.Message("Then we leave at ten").Locator(".quote")).ToContainTextAsync("Low water is at 11:40");
        }
        await Expect(two.Ann.Page.Locator("form.composer .answering")).ToBeHiddenAsync();
        await two.Ben.Page.Locator(".quote").ClickAsync();
        await Expect(two.Ben.Page.Locator("article.found")).ToContainTextAsync("Low water");
    }

    [Fact]
    public async Task An_edited_message_says_so_and_is_quoted_as_it_is_now()
    {
        await using var two = await Two.OpenAsync(chromium);
        await two.Ben.SayAsync("at elevn");
        await two.Ann.SeesAsync("at elevn");
        await ActAsync(two.Ann, "at elevn", "Reply");
        await two.Ann.SayAsync("good");
        await two.Ben.SeesAsync("good");

        await ActAsync(two.Ben, "at elevn", "Edit");
        await Expect(two.Ben.Label("Edit message").And(two.Ben.Page.GetByRole(AriaRole.Textbox))).ToHaveValueAsync("at elevn");
        await two.Ben.Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "Edit message" }).FillAsync("at **eleven**");
        await two.Ben.Button("Save").ClickAsync();

        foreach (var screen in new[] { two.Ann, two.Ben })
        {
            await Expect(screen.Page.Locator("article").Filter(new LocatorFilterOptions { Has = screen.Page.Locator(".edited") })).ToContainTextAsync("eleven");
            await Expect(screen.Message("good").Locator(".quote")).ToContainTextAsync("eleven");
        }
        await Expect(two.Ben.Page.Locator("form.editing")).ToHaveCountAsync(0);
        await Expect(two.Ben.Page.Locator("form.composer[data-room]")).ToBeVisibleAsync();
        Assert.Equal(0, await ItemsAsync(two.Ann, "eleven", "Edit"));
    }

    [Fact]
    public async Task A_recalled_message_is_gone_for_both_and_its_author_may_write_it_again()
    {
        await using var two = await Two.OpenAsync(chromium);
        await two.Ben.SayAsync("the door code is 4711");
        await two.Ann.SeesAsync("4711");
        Assert.Equal(0, await ItemsAsync(two.Ann, "4711", "Recall"));

        await ActAsync(two.Ben, "4711", "Recall");

        foreach (var screen in new[] { two.Ann, two.Ben })
        {
            await Expect(screen.Page.Locator("article.recalled")).ToContainTextAsync("Message recalled");
            await Expect(screen.Message("4711")).ToHaveCountAsync(0);
            Assert.Equal(0, await screen.Page.Locator("article.recalled .menu").CountAsync());
        }
        Assert.Equal(0, await two.Ann.Link("Edit again").CountAsync());
        await two.Ben.Link("Edit again").ClickAsync();
        await Expect(two.Ben.Label("Message")).ToHaveValueAsync("the door code is 4711");
    }

    [Fact]
    public async Task A_reaction_is_counted_for_both_and_pressed_for_whose_it_is()
    {
        await using var two = await Two.OpenAsync(chromium);
        await two.Ben.SayAsync("Done at last");
        await two.Ann.SeesAsync("Done at last");

        await ActAsync(two.Ann, "Done at last", "🎉");
        var mine = two.Ann.Message("Done at last").Locator(".reaction");
        var his = two.Ben.Message("Done at last").Locator(".reaction");
        await Expect(mine).ToHaveTextAsync("🎉 1");
        await Expect(mine).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(his).ToHaveAttributeAsync("aria-pressed", "false");

        await his.ClickAsync();
        await Expect(mine).ToHaveTextAsync("🎉 2");
        await Expect(his).ToHaveAttributeAsync("aria-pressed", "true");
        await mine.ClickAsync();
        await his.ClickAsync();
        await Expect(mine).ToHaveCountAsync(0);
        await Expect(his).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_pinned_stands_above_the_conversation_for_both()
    {
        await using var two = await Two.OpenAsync(chromium);
        await two.Ben.SayAsync("Meet at the slipway");
        await two.Ann.SeesAsync("slipway");

        await ActAsync(two.Ann, "slipway", "Pin");
        await Expect(two.Ben.Page.Locator("#pinned")).ToContainTextAsync("Meet at the slipway");
        await Expect(two.Ben.Page.Locator("article.happened").Last).ToContainTextAsync("pinned a message");

        await ActAsync(two.Ben, "slipway", "Unpin");
        await Expect(two.Ann.Page.Locator("#pinned")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Two_see_when_the_other_has_read_and_it_stays_after_a_reload()
    {
        await using var two = await Two.OpenAsync(chromium);
        await two.Ben.SayAsync("Are you there?");
        await two.Ann.SeesAsync("Are you there?");

        await Expect(two.Ben.Message("Are you there?").Locator(".read")).ToHaveTextAsync("Seen");
        await two.Ben.Page.ReloadAsync();
        await Expect(two.Ben.Message("Are you there?").Locator(".read")).ToHaveTextAsync("Seen");
        Assert.Equal(0, await two.Ann.Message("Are you there?").Locator(".read").CountAsync());
    }

    [Fact]
    public async Task Who_is_named_in_a_group_sees_it_in_the_list_until_it_is_read()
    {
        using var app = new App();
        using var a = await app.SignUpAsync("ann");
        using var b = await app.SignUpAsync("ben");
        using var c = await app.SignUpAsync("cas");
        var group = await a.NewGroupAsync("Walkers");
        await b.SubmitAsync("/rooms/find?q=walkers", "Join");
        await c.SubmitAsync("/rooms/find?q=walkers", "Join");
        await using var ben = await chromium.OpenAsync(app.Address);
        await ben.BeAsync(b, app.Address);
        await ben.Page.GotoAsync("/rooms");
        await using var cas = await chromium.OpenAsync(app.Address);
        await cas.BeAsync(c, app.Address);
        await cas.Page.GotoAsync("/rooms");

        await a.SayAsync(group, "@ben, bring boots");

        var row = ben.Page.Locator($"li[data-room='{group}']");
        await Expect(row.Locator(".last")).ToHaveTextAsync("@you ann: @ben, bring boots");
        await Expect(row.Locator(".badge")).ToHaveClassAsync(new Regex("calls"));
        await ben.Page.ReloadAsync();
        await Expect(row.Locator(".last")).ToHaveTextAsync("@you ann: @ben, bring boots");
        await Expect(cas.Page.Locator($"li[data-room='{group}'] .last")).ToHaveTextAsync("ann: @ben, bring boots");

        await ben.Page.GotoAsync($"/rooms/{group}");
        await Expect(row.Locator(".last i")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Ones_own_name_stands_out_whatever_letters_it_has()
    {
        using var app = new App();
        using var a = await app.SignUpAsync("ann");
        using var b = await app.SignUpAsync("McBen");
        var group = await a.NewGroupAsync("Walkers");
        await b.SubmitAsync("/rooms/find?q=walkers", "Join");
        await using var ben = await chromium.OpenAsync(app.Address);
        await ben.BeAsync(b, app.Address);
        await ben.Page.GotoAsync($"/rooms/{group}");

        await a.SayAsync(group, "@mcben and @ann, this way");

        await Expect(ben.Page.Locator("article .mention.me")).ToHaveTextAsync("@mcben");
        await ben.Page.ReloadAsync();
        await Expect(ben.Page.Locator("article .mention.me")).ToHaveTextAsync("@mcben");
    }

    private static async Task ActAsync(Screen screen, string message, string what)
    {
        var article = screen.Message(message).First;
        await article.HoverAsync();
        await article.GetByLabel("Message actions").ClickAsync();
        await article.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = what, Exact = true }).ClickAsync();
    }

    private static async Task<int> ItemsAsync(Screen screen, string message, string what)
    {
        var article = screen.Message(message).First;
        await article.HoverAsync();
        await article.GetByLabel("Message actions").ClickAsync();
        await article.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Reply", Exact = true }).WaitForAsync();
        var count = await article.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = what, Exact = true }).CountAsync();
        await screen.Page.Keyboard.PressAsync("Escape");
        return count;
    }
}
