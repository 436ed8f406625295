using Microsoft.Playwright;
using WebChat.Tests.Media;
using WebChat.Tests.Messages.Stickers;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>Stickers between two people at their screens, wide and narrow.</summary>
[Collection(BrowserTests.Name)]
public sealed class StickerTests(Chromium chromium)
{
    [Fact]
    public async Task One_press_sends_it_and_the_other_sees_it_at_once()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await StickerPagesTests.AddAsync(a, "Tea", "a cup of tea\na pot", Sample.Png, Sample.Gif);
        await using var ann = await chromium.OpenAsync(app, a, $"/rooms/{room}", 1280);
        await using var ben = await chromium.OpenAsync(app, b, $"/rooms/{room}", 390);

        await ben.Label("More").ClickAsync();
        await ben.Link("Sticker").ClickAsync();
        var dialog = ben.Page.GetByRole(AriaRole.Dialog, new PageGetByRoleOptions { Name = "Sticker" });
        await Expect(dialog.GetByRole(AriaRole.Button)).ToHaveCountAsync(2);
        await ben.AxeAsync("the stickers");
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "a pot" }).ClickAsync();

        await Expect(dialog).ToBeHiddenAsync();
        foreach (var screen in new[] { ann, ben })
        {
            var sticker = screen.Page.GetByAltText("Sticker: a pot");
            await Expect(sticker).ToBeVisibleAsync();
            await Expect(sticker).ToHaveJSPropertyAsync("complete", true);
            Assert.True(await sticker.EvaluateAsync<int>("picture => picture.naturalWidth") > 0);
            await screen.AxeAsync("a sticker in the room");
        }
        await ann.Page.GotoAsync("/admin/stickers");
        await ann.AxeAsync("the packs");
    }
}
