using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>A message that is reported and removed, while its author and who reported it look on.</summary>
[Collection(BrowserTests.Name)]
public sealed class ReportTests(Chromium chromium)
{
    [Fact]
    public async Task What_is_reported_from_the_menu_is_removed_by_an_administrator_who_reads_around_it_and_goes_everywhere()
    {
        using var app = new App();
        using var a = await app.SignUpAsync("admin");
        var (b, c, room) = await app.FriendsAsync("ben", "cas");
        var before = await c.SayAsync(room, "what stood before it");
        var seq = await c.SayAsync(room, "buy this");
        await using var ben = await chromium.OpenAsync(app, b, $"/rooms/{room}", 1280);
        await using var cas = await chromium.OpenAsync(app, c, $"/rooms/{room}", 1280);
        await using var admin = await chromium.OpenAsync(app, a, "/admin/reports", 390);
        await Expect(admin.Page.GetByText("Nothing was reported")).ToBeVisibleAsync();

        var mine = cas.Page.Locator($"#m-{room}-{seq}");
        await mine.HoverAsync();
        await mine.GetByLabel("Message actions").ClickAsync();
        await Expect(mine.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Recall" })).ToBeVisibleAsync();
        await Expect(mine.GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Report" })).ToHaveCountAsync(0); // one's own words
        var article = ben.Page.Locator($"#m-{room}-{seq}");
        await article.HoverAsync();
        await article.GetByLabel("Message actions").ClickAsync();
        await article.GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Report" }).ClickAsync();
        await ben.AxeAsync("the form of a report");
        await ben.Label("Reason").FillAsync("advertising");
        await ben.Button("Report").ClickAsync();
        await Expect(ben.Page.GetByText("Thank you.")).ToBeVisibleAsync();

        await admin.Page.ReloadAsync();
        await Expect(admin.Page.GetByText("“advertising”")).ToBeVisibleAsync();
        await admin.Link("Read around it").ClickAsync();
        await admin.AxeAsync("the question why");
        await admin.Label("Reason").FillAsync("a report");
        await admin.Button("Read messages").ClickAsync();
        await Expect(admin.Page.Locator($"#m-{room}-{before}")).ToBeVisibleAsync();
        await admin.AxeAsync("messages looked at");
        await admin.Page.Locator(".shown", new PageLocatorOptions { HasText = "buy this" }).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Recall message" }).ClickAsync();
        await admin.Button("Recall message").ClickAsync();

        foreach (var person in new[] { ben, cas, admin })
            await Expect(person.Page.Locator($"#m-{room}-{seq}")).ToContainTextAsync("Message recalled by an administrator");
        await admin.Link("Reports").ClickAsync();
        await Expect(admin.Page.GetByText("The message was recalled")).ToBeVisibleAsync(); // and nothing of it waits
        await Expect(admin.Button("Dismiss")).ToHaveCountAsync(0);
    }
}
