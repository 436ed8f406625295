using Microsoft.Playwright;
using WebChat.Tests.Messages.Bots;
using WebChat.Tests.Messages.Links;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>The pages where programs get their keys, and a bot among people, wide and narrow.</summary>
[Collection(BrowserTests.Name)]
public sealed class ProgramPagesTests(Chromium chromium)
{
    [Fact]
    public async Task A_token_is_made_copied_used_and_removed()
    {
        const int width = 390;
        using var app = new App();
        using var a = await app.SignUpAsync("ann");
        await using var ann = await chromium.OpenAsync(app, a, "/me", width);

        await ann.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Tokens" }).ClickAsync();
        await ann.Label("Name").FillAsync("Nightly report");
        await ann.Button("Make token").ClickAsync();
        var token = await ann.Page.Locator("#token").InnerTextAsync();
        await ann.AxeAsync($"a new token at {width}");
        await FitsAsync(ann, width);
        await using (await LiveSocket.ProgramAsync(app.Address, token))
            await ann.Page.GotoAsync("/me/tokens");

        await Expect(ann.Page.Locator("#token")).ToHaveCountAsync(0);
        await Expect(ann.Page.GetByRole(AriaRole.List, new PageGetByRoleOptions { Name = "Tokens" })).ToContainTextAsync("Nightly report");
        await ann.AxeAsync($"the tokens at {width}");
        await ann.Button("Remove").ClickAsync();
        await Expect(ann.Page.GetByText("The token is removed.")).ToBeVisibleAsync();
        await Expect(ann.Page.GetByText("Nightly report")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_bot_is_made_named_answers_fails_and_goes()
    {
        const int width = 390;
        await using var stranger = await Stranger.StartAsync();
        stranger.Answers("/hook", """{"content":"The kettle sings."}""", "application/json");
        using var app = new App(services => Kitchen.Reach(services));
        using var a = await app.SignUpAsync("ann");
        var room = await a.NewGroupAsync("Kitchen");
        await using var ann = await chromium.OpenAsync(app, a, $"/rooms/{room}/settings", width);

        await ann.Link("Bots").ClickAsync();
        await ann.Label("Name").FillAsync("Kettle");
        await ann.Label("Webhook address").FillAsync(stranger.At("/hook").AbsoluteUri);
        await ann.Button("Make bot").ClickAsync();
        await Expect(ann.Page.Locator("#token")).ToContainTextAsync("wcr_");
        await ann.AxeAsync($"a new bot at {width}");
        await FitsAsync(ann, width);

        await ann.Page.GotoAsync($"/rooms/{room}");
        await ann.SayAsync("Well, @Kettle?");
        await ann.SeesAsync("The kettle sings.");
        await Expect(ann.Message("The kettle sings.").Locator(".by .stamp")).ToHaveTextAsync("Bot");
        await ann.Page.Locator("textarea[name=content]").FillAsync("@ket");
        await Expect(ann.Page.Locator("#names .stamp")).ToHaveTextAsync("Bot");
        await ann.Page.Locator("textarea[name=content]").FillAsync("");
        await ann.Message("The kettle sings.").HoverAsync();
        await ann.Message("The kettle sings.").GetByLabel("Message actions").ClickAsync();
        await ann.Message("The kettle sings.").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Reply", Exact = true }).ClickAsync();
        await Expect(ann.Page.Locator(".answering bdi")).ToHaveTextAsync("Kettle");
        await Expect(ann.Page.Locator(".answering .stamp")).ToHaveTextAsync("Bot");
        await ann.SayAsync("So it does.");
        await Expect(ann.Message("So it does.").Locator(".quote .stamp")).ToHaveTextAsync("Bot");
        await ann.AxeAsync($"a bot in the room at {width}");
        await ann.Page.GotoAsync($"/rooms/{room}/members");
        await Expect(ann.Page.GetByRole(AriaRole.Listitem).Filter(new LocatorFilterOptions { HasText = "@Kettle" }).GetByText("Bot", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await ann.AxeAsync($"a bot among members at {width}");

        stranger.Answers("/hook", http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        await a.SayAsync(room, "@Kettle again");
        for (var tries = 0; await ann.Page.GetByText("Last call failed: answered 500").CountAsync() == 0 && tries < 100; tries++)
            await ann.Page.GotoAsync($"/rooms/{room}/bots");
        await Expect(ann.Page.GetByText("Last call failed: answered 500")).ToBeVisibleAsync();
        await ann.AxeAsync($"the bots at {width}");
        await FitsAsync(ann, width);
        await ann.Link("Manage Kettle").ClickAsync();
        await ann.AxeAsync($"one bot at {width}");
        await FitsAsync(ann, width);
        await ann.Button("Remove").ClickAsync();
        await ann.Button("Remove").ClickAsync();
        await Expect(ann.Page.GetByText("Kettle is removed")).ToBeVisibleAsync();
        await Expect(ann.Link("Manage Kettle")).ToHaveCountAsync(0);
    }

    /// <summary>Nothing makes the page wider than the screen.</summary>
    private static async Task FitsAsync(Screen screen, int width) =>
        Assert.InRange(await screen.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, width);
}
