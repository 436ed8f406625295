using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>An administrator decides for everybody, while somebody else has a page open.</summary>
[Collection(BrowserTests.Name)]
public sealed class SettingsTests(Chromium chromium)
{
    [Fact]
    public async Task What_is_set_and_said_is_there_for_others_without_a_reload()
    {
        using var app = new App();
        using var a = await app.SignUpAsync("admin");
        using var b = await app.SignUpAsync("ben");
        var group = await b.NewGroupAsync("Walkers");
        await using var ben = await chromium.OpenAsync(app, b, $"/rooms/{group}", 390);
        await using var admin = await chromium.OpenAsync(app, a, "/admin/settings", 1280);
        await admin.AxeAsync("settings");
        await admin.FitsAsync();
        await admin.Label("Words that are refused").FillAsync("darn");
        await admin.Button("Save").ClickAsync();
        await Expect(admin.Page.Locator(".toast")).ToBeVisibleAsync();

        await ben.ExpectingAsync(400, async () =>
        {
            await ben.SayAsync("darn it");
            await Expect(ben.Page.GetByText("This has a word in it that is not allowed here.").First).ToBeVisibleAsync();
        });
        await ben.Page.Locator("article.failed [data-discard]").ClickAsync(); // or the page would try it again when it is opened anew

        await admin.Page.GotoAsync(new Uri(app.Address, "/admin/announcement").ToString());
        await admin.AxeAsync("announcing");
        await admin.FitsAsync();
        await admin.Label("Text").FillAsync("Down at ten for an hour");
        await admin.Button("Announce").ClickAsync();
        await Expect(ben.Page.Locator("#house-announcement p")).ToHaveTextAsync("Down at ten for an hour");
        await ben.AxeAsync("an announcement");
        await ben.FitsAsync();
        await ben.Button("Put away").ClickAsync();
        await Expect(ben.Page.Locator("#house-announcement > .bulletin")).ToBeHiddenAsync();
        await ben.Page.ReloadAsync();
        await Expect(ben.Page.Locator("#house-announcement > .bulletin")).ToBeHiddenAsync();

        await Expect(admin.Page.Locator("#house-announcement > .bulletin")).ToBeVisibleAsync();
        await admin.FitsAsync();
        await admin.Button("Withdraw").ClickAsync();
        await Expect(admin.Page.Locator("#house-announcement > .bulletin")).ToBeHiddenAsync();
        await admin.Page.GotoAsync(new Uri(app.Address, "/admin/invites").ToString());
        await admin.Button("Make link").ClickAsync();
        await Expect(admin.Page.Locator("#link")).ToBeVisibleAsync();
        await admin.AxeAsync("an invite link");
        await admin.FitsAsync();
    }
}
