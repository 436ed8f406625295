using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>One's own data is taken along, and one leaves, while others look on.</summary>
[Collection(BrowserTests.Name)]
public sealed class LeavingTests(Chromium chromium)
{
    [Theory]
    [InlineData(1280, "Keep what I wrote, as \"Deleted user\"")]
    [InlineData(390, "Remove what I wrote")]
    public async Task Who_looks_on_sees_what_a_reload_shows(int width, string choice)
    {
        using var app = new App();
        using var b = await app.SignUpAsync("ben");
        using var a = await app.SignUpAsync("ann");
        var group = await b.NewGroupAsync("Walkers");
        await a.SubmitAsync($"/rooms/find?q={group}", "Join");
        await a.SayAsync(group, "words of mine");
        await b.SayAsync(group, "words of Ben's");
        await using var ben = await chromium.OpenAsync(app, b, $"/rooms/{group}", width);
        await ben.SeesAsync("words of mine");
        await using var ann = await chromium.OpenAsync(app, a, "/me/export", width);
        await ann.AxeAsync($"my data at {width}");
        await ann.FitsAsync();
        var file = await ann.Page.RunAndWaitForDownloadAsync(() => ann.Button("Download my data").ClickAsync());
        Assert.EndsWith(".zip", file.SuggestedFilename, StringComparison.Ordinal);

        await ann.Link("Delete account…").ClickAsync();
        await ann.AxeAsync($"deleting the account at {width}");
        await ann.FitsAsync();
        await ann.Page.GetByText(choice, new PageGetByTextOptions { Exact = true }).ClickAsync();
        await ann.Label("Password").FillAsync(App.Password);
        await ann.Button("Delete account").ClickAsync();
        await ann.Page.WaitForURLAsync("**/accounts/sign-in");
        await Expect(ann.Page.GetByText("Your account is deleted.")).ToBeVisibleAsync();

        await Expect(ben.Page.Locator("article.message[aria-label='Deleted user']")).ToHaveCountAsync(1);
        await Expect(ben.Page.Locator("article.happened").Last).ToContainTextAsync("Deleted user left");
        if (choice.StartsWith("Remove", StringComparison.Ordinal))
            await Expect(ben.Page.GetByText("words of mine")).ToHaveCountAsync(0);
        else
            await ben.SeesAsync("words of mine");
        var live = await ben.LogAsync();
        await ben.Page.ReloadAsync();
        await ben.SeesAsync("words of Ben's");
        Assert.Equal(await ben.LogAsync(), live);
    }
}
