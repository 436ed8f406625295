using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>What somebody said is found by others who may read it, and opens where it was said.</summary>
[Collection(BrowserTests.Name)]
public sealed class SearchTests(Chromium chromium)
{
    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task One_says_it_and_the_other_finds_it_in_its_place(int width)
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        using var outsider = await app.SignUpAsync("outsider");
        var token = await b.TokenAsync();
        await b.SayAsync(room, "明天去堤道散步吗？", token);
        for (var i = 0; i < 60; i++)
            await b.SayAsync(room, $"and on it goes, {i}", token);
        await using var ann = await chromium.OpenAsync(app.Address, o => o.ViewportSize = new ViewportSize { Width = width, Height = 800 });
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/rooms/{room}");

        await ann.Link("Search here").ClickAsync();
        await FindAsync(ann, "散步");
        var hit = ann.Page.GetByRole(AriaRole.List, new PageGetByRoleOptions { Name = "Results" }).GetByRole(AriaRole.Listitem);

        await Expect(hit).ToHaveCountAsync(1);
        await Expect(hit.Locator("mark")).ToHaveTextAsync("散步");
        await Expect(hit).ToContainTextAsync("ben");
        await hit.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(ann.Page.Locator("article.found")).ToContainTextAsync("明天去堤道散步吗？");
        await Expect(ann.Page.Locator("article.found")).ToBeInViewportAsync();

        await ann.Page.GotoAsync("/search");
        await FindAsync(ann, "nothing like it");
        await Expect(ann.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Nothing found", Exact = true })).ToBeVisibleAsync();
        Assert.DoesNotContain("散步吗", await (await outsider.Http.GetAsync("/search?q=%E6%95%A3%E6%AD%A5")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_scripts_a_day_leads_into_the_room_and_results_go_on_further_back()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        var token = await b.TokenAsync();
        for (var i = 0; i < 40; i++)
            await b.SayAsync(room, $"walk number {i}", token);
        await using var ann = await chromium.OpenAsync(app.Address, o => o.JavaScriptEnabled = false);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/search?room={room}");

        await FindAsync(ann, "walk number 39");
        await FindAsync(ann, "walk");
        await Expect(ann.Page.Locator(".result")).ToHaveCountAsync(30);
        await Expect(ann.Page.Locator(".result").First).ToContainTextAsync("walk number 39");
        await ann.Link("Older results").ClickAsync();
        await Expect(ann.Page.Locator(".result")).ToHaveCountAsync(10);
        await Expect(ann.Page.Locator(".result").Last).ToContainTextAsync("walk number 0");

        await ann.Label("Day in ben").FillAsync("2020-01-01");
        await ann.Button("Go").ClickAsync();
        await Expect(ann.Page).ToHaveURLAsync(new Regex($"/rooms/{room}\\?around=1#m-{room}-1$"));
    }

    /// <summary>Looks until it is there: the index is a moment behind.</summary>
    private static async Task FindAsync(Screen screen, string words)
    {
        for (var tries = 0; ; tries++)
        {
            await screen.Page.Locator("#q").FillAsync(words);
            await screen.Button("Search").ClickAsync();
            if (tries == 60 || words.StartsWith("nothing", StringComparison.Ordinal) || await screen.Page.Locator(".result").CountAsync() > 0)
                return;
        }
    }
}
