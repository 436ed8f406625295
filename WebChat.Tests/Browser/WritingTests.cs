using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>What people write stays where it stands, however it is written.</summary>
[Collection(BrowserTests.Name)]
public sealed class WritingTests(Chromium chromium)
{
    // Where names, faces and signatures stand. What is painted outside of these boxes must not depend on the words in them.
    private const string Places =
        ".face, .rooms .name, .rooms .last, .row .name, .row .quiet, .what > h1, .what > p, .named > h1, .named > .stamp, .head > h1, .by > a, .happened > p, .notice > p";

    private static readonly string Piled = string.Concat(Enumerable.Repeat("Z" + string.Concat(Enumerable.Repeat("\u0301\u0489", 4)), 40));

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Names_faces_and_signatures_full_of_marks_paint_nothing_outside_their_boxes(int width)
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await b.SubmitAsync("/me", "Save", ("Nickname", Piled), ("Signature", Piled));
        var group = await b.NewGroupAsync(Piled);
        await a.SubmitAsync($"/rooms/find?q={group.ToString(CultureInfo.InvariantCulture)}", "Join");
        await b.SayAsync(group, "in the group");
        await b.SayAsync(room, "between us");
        await using var ann = await OpenAsync(app, a, width);
        foreach (var address in new[] { $"/rooms/{group}", $"/rooms/{room}", "/rooms", $"/rooms/{group}/members", "/people/ben", "/contacts", "/contacts/find?q=ben", $"/rooms/find?q={group}" })
        {
            await ann.Page.GotoAsync(address);
            await Expect(ann.Page.Locator(".face").First).ToBeAttachedAsync();
            Assert.True(await ann.Page.EvaluateAsync<bool>("() => document.body.innerText.includes('\\u0489')"), $"{address} shows no such name");
            await AssertInBoxesAsync(ann.Page, Places, address);
        }
    }

    [Fact]
    public async Task A_message_full_of_marks_is_cut_at_its_bubble()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await b.SayAsync(room, "before");
        await b.SayAsync(room, "Z" + new string('\u0301', 250) + new string('\u0316', 250));
        await b.SayAsync(room, "after");
        await using var ann = await OpenAsync(app, a, 1280);
        await ann.Page.GotoAsync($"/rooms/{room}");
        await ann.SeesAsync("after");
        await AssertInBoxesAsync(ann.Page, ".bubble:has-text('Z')", "the log", ".bubble");
    }

    [Fact]
    public async Task What_turns_the_direction_turns_nothing_beyond_itself()
    {
        const string Turn = "\u202E";
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await b.SubmitAsync("/me", "Save", ("Nickname", $"ليلى{Turn}abc"));
        var group = await b.NewGroupAsync("Walkers");
        await a.SubmitAsync("/rooms/find?q=walkers", "Join");
        await b.SayAsync(room, $"{Turn}turned");
        await b.SayAsync(room, "straight");
        await using var ann = await OpenAsync(app, a, 1280);
        await ann.Page.GotoAsync($"/rooms/{room}");
        await ann.SeesAsync("straight");

        Assert.True(await RunsAsync(ann.Page, "article:has-text('straight') .bubble", "straight"));
        Assert.True(await RunsAsync(ann.Page, "article:has-text('straight') .margin", ":"));
        Assert.False(await RunsAsync(ann.Page, "article:has-text('turned') .bubble", "turned")); // or the test would see nothing
        Assert.True(await RunsAsync(ann.Page, "article:has-text('turned') .margin", ":"));
        await ann.Page.GotoAsync($"/rooms/{group}");
        Assert.DoesNotContain(Turn, await ann.Page.ContentAsync(), StringComparison.Ordinal); // a name keeps none of it
        Assert.True(await RunsAsync(ann.Page, ".happened:has-text('created the group') p", "created the group"));
        await ann.Page.GotoAsync("/rooms");
        Assert.True(await RunsAsync(ann.Page, $"li[data-room='{group}'] .name", "Walkers"));
    }

    [Fact]
    public async Task A_family_is_never_split_in_the_list_live_or_reloaded()
    {
        const string Family = "👨‍👩‍👧‍👦";
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        await using var ann = await OpenAsync(app, a, 1280);
        await ann.Page.GotoAsync("/rooms");
        var last = ann.Page.Locator($"li[data-room='{room}'] .last");
        await Expect(last).Not.ToBeEmptyAsync();
        await b.SayAsync(room, string.Concat(Enumerable.Repeat(Family, 200)));
        await Expect(last).ToContainTextAsync(Family);
        foreach (var when in new[] { "live", "reloaded" })
        {
            var text = (await last.InnerTextAsync()).TrimEnd('…');
            Assert.True(text.Replace(Family, "", StringComparison.Ordinal).Length == 0, $"{when}: {text}");
            await ann.Page.ReloadAsync();
        }
    }

    /// <summary>True where the characters of a text stand from left to right, as drawn.</summary>
    private static Task<bool> RunsAsync(IPage page, string place, string text) => page.Locator(place).First.EvaluateAsync<bool>(
        """
        (place, text) => {
          const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(text);
            if (at < 0) continue;
            const lefts = [...text].map((_, i) => { const range = document.createRange(); range.setStart(node, at + i); range.setEnd(node, at + i + 1); return range.getBoundingClientRect().left; });
            return lefts.every((left, i) => !i || left >= lefts[i - 1]);
          }
          throw new Error(`no ${text} in ${place.outerHTML}`);
        }
        """, text);

    /// <summary>Takes the ink out of the words and compares everything around them: it must be the same.</summary>
    private static async Task AssertInBoxesAsync(IPage page, string places, string where, string? inkless = null)
    {
        var selector = inkless ?? places;
        var options = new PageScreenshotOptions { Mask = [page.Locator(places)], Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide };
        if (inkless is not null)
            options.Mask = [page.Locator(places), page.Locator(inkless)];
        var inked = await page.ScreenshotAsync(options);
        await page.AddStyleTagAsync(new PageAddStyleTagOptions { Content = $":is({selector}), :is({selector}) * {{ -webkit-text-fill-color: transparent !important; text-decoration-color: transparent !important; }}" });
        var bare = await page.ScreenshotAsync(options);
        var spilt = await page.EvaluateAsync<string[]>(Spilt, new[] { Convert.ToBase64String(inked), Convert.ToBase64String(bare) });
        Assert.True(spilt.Length == 0, $"on {where} ink is outside of its box, at {string.Join(" ", spilt.Take(20))}");
    }

    // Two renderings of a rounded corner may differ by a shade; ink differs by more.
    private const string Spilt =
        """
        async pictures => {
          const [inked, bare] = await Promise.all(pictures.map(async p => {
            const bitmap = await createImageBitmap(await (await fetch('data:image/png;base64,' + p)).blob());
            const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
            context.drawImage(bitmap, 0, 0);
            return { width: bitmap.width, data: context.getImageData(0, 0, bitmap.width, bitmap.height).data };
          }));
          const spilt = [];
          for (let at = 0; at < inked.data.length; at++) {
            if (Math.abs(inked.data[at] - bare.data[at]) > 40) spilt.push(`${(at >> 2) % inked.width},${Math.floor((at >> 2) / inked.width)}`);
          }
          return [...new Set(spilt)];
        }
        """;

    private async Task<Screen> OpenAsync(App app, Person person, int width)
    {
        var screen = await chromium.OpenAsync(app.Address, o =>
        {
            o.ViewportSize = new ViewportSize { Width = width, Height = 844 };
            o.ReducedMotion = ReducedMotion.Reduce;
            o.BypassCSP = true; // for the style that takes the ink away
        });
        await screen.BeAsync(person, app.Address);
        return screen;
    }
}
