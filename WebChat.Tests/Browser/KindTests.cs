using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using WebChat.Shared;
using WebChat.Tests.Messages.Links;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>Each kind of message, made by one and seen by the other, at a desk and on a phone.</summary>
[Collection(BrowserTests.Name)]
public sealed class KindTests(Chromium chromium)
{
    [Fact]
    public async Task A_contact_card_opens_the_person()
    {
        await using var two = await Two.OpenAsync(chromium, 1280, 390);
        await OpenFormAsync(two.Ann, "Contact card");
        await two.Ann.Label("Contact").SelectOptionAsync("ben");
        await SendAsync(two.Ann);

        await Expect(two.Ben.Page.Locator("article .carried")).ToContainTextAsync("Contact card, @ben");
        await Expect(two.Ben.Page.Locator(".rooms a[aria-current] .last, article .carried").First).ToBeAttachedAsync();
        await two.Ben.Page.Locator("article .carried").ClickAsync();
        await two.Ben.Page.WaitForURLAsync("**/people/ben");
    }

    [Fact]
    public async Task A_card_sent_from_a_page_of_history_stands_at_the_end_where_it_belongs()
    {
        await using var two = await Two.OpenAsync(chromium);
        foreach (var words in new[] { "one", "two", "three" })
        {
            await two.Ben.SayAsync(words);
            await two.Ann.SeesAsync(words);
        }
        await two.Ann.Page.GotoAsync($"{new Uri(two.Ann.Page.Url).AbsolutePath}?before=3");
        await Expect(two.Ann.Message("three")).ToHaveCountAsync(0);
        await OpenFormAsync(two.Ann, "Contact card");
        await SendAsync(two.Ann);

        await Expect(two.Ann.Page.Locator("article .carried")).ToHaveCountAsync(1);
        await Expect(two.Ann.Page.Locator("article[data-seq]").Last).ToContainTextAsync("Contact card");
        await Expect(two.Ann.Message("three")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_news_card_says_what_is_wrong_with_it_and_then_goes_out()
    {
        await using var two = await Two.OpenAsync(chromium, 390, 1280);
        await OpenFormAsync(two.Ann, "News card");
        await two.Ann.Label("Title").FillAsync("Low tide");
        await two.Ann.Label("Address").FillAsync("ftp://harbour.example/");
        await two.Ann.ExpectingAsync(400, async () =>
        {
            await SendAsync(two.Ann);
            await Expect(two.Ann.Page.Locator("#dialog .error")).ToContainTextAsync("not an address of the web");
        });
        await Expect(two.Ann.Label("Title")).ToHaveValueAsync("Low tide");
        await two.Ann.Label("Address").FillAsync("https://harbour.example/tide?of=day");
        await two.Ann.Label("Description").FillAsync("The causeway opens at ten.");
        await two.Ann.Label("Picture").SetInputFilesAsync(new FilePayload { Name = "bay.png", MimeType = "image/png", Buffer = await two.Ann.PaintAsync(3000, 1500) });
        await SendAsync(two.Ann);

        var card = two.Ben.Page.Locator("article a.carried.link");
        await Expect(card).ToContainTextAsync("The causeway opens at ten.");
        await Expect(card).ToContainTextAsync("harbour.example");
        await Expect(card).ToHaveAttributeAsync("href", "https://harbour.example/tide?of=day");
        await Expect(card).ToHaveAttributeAsync("rel", new Regex("noopener"));
        await Expect(card.Locator("img")).ToHaveAttributeAsync("width", "720"); // no larger than it is shown
        await Expect(two.Ann.Page.Locator("#dialog")).ToBeHiddenAsync();
        await Expect(two.Ann.Page.Locator("article a.carried.link")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task An_address_alone_becomes_a_link_card_for_both_and_after_a_reload()
    {
        await using var stranger = await Stranger.StartAsync();
        stranger.Answers("/walk", "<title>The island causeway</title><meta name=description content='Opening times.'>");
        await using var two = await Two.OpenAsync(chromium, replace: services => services.AddSingleton(Stranger.Reached()));

        await two.Ann.SayAsync(stranger.At("/walk").AbsoluteUri);
        foreach (var screen in new[] { two.Ann, two.Ben })
        {
            await Expect(screen.Page.Locator("a.carried.link .title")).ToHaveTextAsync("The island causeway");
            await screen.Page.ReloadAsync();
            await Expect(screen.Page.Locator("a.carried.link")).ToContainTextAsync("Opening times.");
        }

        await two.Ann.SayAsync($"look at {stranger.At("/walk")} today");
        await two.Ben.SeesAsync("look at");
        await Expect(two.Ben.Page.Locator("a.carried.link")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task An_address_of_this_house_or_network_is_never_asked()
    {
        await using var stranger = await Stranger.StartAsync();
        stranger.Answers("/secret", "<title>Not for you</title>");
        stranger.Answers("/walk", "<title>The island causeway</title>");
        using var outside = new Outside(address => PublicNetwork.Has(address) || Stranger.Public.Equals(address), _ => true, Dns.GetHostAddressesAsync);
        await using var two = await Two.OpenAsync(chromium, replace: services => services.AddSingleton(outside));

        await two.Ann.SayAsync($"http://{Stranger.Private}:{stranger.Port}/secret");
        await two.Ann.SayAsync($"http://localhost:{stranger.Port}/secret");
        await two.Ann.SayAsync(stranger.At("/walk").AbsoluteUri);

        await Expect(two.Ben.Page.Locator("a.carried.link .title")).ToHaveTextAsync(["The island causeway"]);
        Assert.Equal(["/walk"], stranger.Asked.Select(a => a.Path));
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task An_emoji_is_found_by_its_word_and_stands_large_alone(int width)
    {
        await using var two = await Two.OpenAsync(chromium, width, width);
        await two.Ann.Button("Emoji").ClickAsync();
        await two.Ann.Page.GetByLabel("Find an emoji").FillAsync("octopus");
        await two.Ann.Page.Locator("#emoji .grid button[value='🐙']").ClickAsync();
        await Expect(two.Ann.Label("Message")).ToHaveValueAsync("🐙");
        await two.Ann.Page.Keyboard.PressAsync("Escape");
        await two.Ann.Button("Send").ClickAsync();

        await Expect(two.Ben.Page.Locator("article .bubble.glyph")).ToHaveTextAsync("🐙");
    }

    [Fact]
    public async Task Any_emoji_can_be_a_reaction()
    {
        await using var two = await Two.OpenAsync(chromium);
        await two.Ben.SayAsync("Look what I caught");
        var article = two.Ann.Message("Look what I caught");
        await article.HoverAsync();
        await article.GetByLabel("Message actions").ClickAsync();
        await article.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "React", Exact = true }).ClickAsync();
        await two.Ann.Page.GetByLabel("Find an emoji").FillAsync("octopus");
        await two.Ann.Page.Locator("#emoji .grid button[value='🐙']").ClickAsync();

        await Expect(two.Ben.Message("Look what I caught").Locator(".reaction")).ToHaveTextAsync("🐙 1");
        await Expect(two.Ann.Page.Locator("#emoji")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_name_behind_an_at_is_completed_by_keys_and_calls_the_member()
    {
        using var app = new App();
        using var a = await app.SignUpAsync("ann");
        using var b = await app.SignUpAsync("benedict");
        using var outsider = await app.SignUpAsync("benjamin");
        var group = await a.NewGroupAsync("Walkers");
        await b.SubmitAsync("/rooms/find?q=walkers", "Join");
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/rooms/{group}");

        await ann.Label("Message").PressSequentiallyAsync("hello @be");
        await Expect(ann.Page.Locator("#names li")).ToHaveCountAsync(1);
        await Expect(ann.Page.Locator("#names")).Not.ToContainTextAsync("benjamin");
        await ann.Page.Keyboard.PressAsync("Enter");
        await Expect(ann.Label("Message")).ToHaveValueAsync("hello @benedict ");
        await ann.Page.Keyboard.PressAsync("Enter");

        await Expect(ann.Message("hello").Locator("a.mention")).ToHaveAttributeAsync("href", "/people/benedict");
        Assert.Equal(HttpStatusCode.NotFound, (await outsider.Http.GetAsync($"/rooms/{group}/names?q=a")).StatusCode);
    }

    private static async Task OpenFormAsync(Screen screen, string kind)
    {
        await screen.Page.GetByLabel("More", new PageGetByLabelOptions { Exact = true }).ClickAsync();
        await screen.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = kind, Exact = true }).ClickAsync();
        await Expect(screen.Page.Locator("#dialog")).ToBeVisibleAsync();
    }

    private static Task SendAsync(Screen screen) =>
        screen.Page.Locator("#dialog").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Send", Exact = true }).ClickAsync();
}
