using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>Lucky money between two people at their screens, wide and narrow.</summary>
[Collection(BrowserTests.Name)]
public sealed class LuckyTests(Chromium chromium)
{
    [Fact]
    public async Task One_sends_it_in_the_dialog_and_both_open_it_live()
    {
        using var app = new App();
        using var a = await app.SignUpAsync("ann");
        using var b = await app.SignUpAsync("ben");
        var group = await a.NewGroupAsync("Walkers");
        await b.SubmitAsync($"/rooms/find?q={group}", "Join");
        await using var ann = await chromium.OpenAsync(app, a, $"/rooms/{group}", 390);
        await using var ben = await chromium.OpenAsync(app, b, $"/rooms/{group}", 1280);

        await ann.Label("More").ClickAsync();
        await ann.Link("Lucky money").ClickAsync();
        var dialog = ann.Page.GetByRole(AriaRole.Dialog, new PageGetByRoleOptions { Name = "Lucky money" });
        await Expect(dialog).ToContainTextAsync("You have 1000 points.");
        await dialog.GetByLabel("Points").FillAsync("10");
        await dialog.GetByLabel("Shares").FillAsync("3");
        await dialog.GetByLabel("Equal", new LocatorGetByLabelOptions { Exact = true }).CheckAsync();
        await dialog.GetByLabel("Greeting").FillAsync("First one across");
        await ann.AxeAsync("the form of lucky money");
        await ann.ExpectingAsync(400, async () =>
        {
            await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Send" }).ClickAsync();
            await Expect(dialog.Locator("#points-error")).ToHaveTextAsync("This cannot be divided into 3 equal shares. 9 points can.");
        });
        await dialog.GetByLabel("Points").FillAsync("20");
        await dialog.GetByLabel("Shares").FillAsync("2");
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Send" }).ClickAsync();

        await Expect(dialog).ToBeHiddenAsync();
        await ben.SeesAsync("First one across");
        await ben.Message("First one across").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Open", Exact = true }).ClickAsync();
        await Expect(ben.Message("First one across")).ToContainTextAsync("You got 10 points");
        await Expect(ben.Message("First one across")).ToContainTextAsync("1 of 2 left");
        await Expect(ben.Button("Open")).ToBeHiddenAsync();
        await Expect(ben.Link("1 of 2 left")).ToBeFocusedAsync();
        await Expect(ann.Message("First one across")).ToContainTextAsync("1 of 2 left");
        Assert.Equal(0, await ann.Page.GetByText("You got 10 points").And(ann.Page.Locator(":visible")).CountAsync());

        await ann.Button("Open").ClickAsync();
        foreach (var screen in new[] { ann, ben })
        {
            await Expect(screen.Page.Locator(".lucky")).ToHaveClassAsync(new Regex("spent"));
            await Expect(screen.Message("First one across")).ToContainTextAsync("You got 10 points");
            await screen.AxeAsync("opened lucky money");
            await screen.Link("All 2 opened").ClickAsync();
            await Expect(screen.Page.GetByRole(AriaRole.List, new PageGetByRoleOptions { Name = "Who got what" }).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
            await screen.AxeAsync("who got what");
        }
    }
}
