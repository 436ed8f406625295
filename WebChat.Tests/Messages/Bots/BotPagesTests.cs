using System.Net;
using WebChat.Live;

namespace WebChat.Tests.Messages.Bots;

/// <summary>Bots as who leads their group makes, renews and removes them, and as everybody else sees them.</summary>
public sealed class BotPagesTests : IAsyncLifetime
{
    private Kitchen kitchen = null!;
    private App app = null!;
    private Person ann = null!;
    private long room;

    public async Task InitializeAsync()
    {
        kitchen = await Kitchen.OpenAsync();
        (app, ann, room) = (kitchen.App, kitchen.Ann, kitchen.Room);
    }

    public async Task DisposeAsync() => await kitchen.DisposeAsync();

    [Fact]
    public async Task Only_who_leads_the_group_sees_its_bots()
    {
        var (token, _) = await kitchen.MakeAsync("Echo");
        using var ben = await app.SignUpAsync("ben");
        using var cas = await app.SignUpAsync("cas");
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
        var lobby = (await ann.GetPageAsync("/rooms")).QuerySelectorAll("li[data-room]").Select(l => l.GetAttribute("data-room")).First(r => r != Kitchen.Text(room));
        foreach (var person in new[] { ben, cas })
        {
            foreach (var at in new[] { "", "/Echo", "/Echo/remove" })
                Assert.Equal(HttpStatusCode.NotFound, (await person.Http.GetAsync($"/rooms/{room}/bots{at}")).StatusCode);
            foreach (var at in new[] { "", "/Echo", "/Echo?handler=renew", "/Echo/remove" })
            {
                using var form = new FormUrlEncodedContent([new("Name", "Mine"), new("Webhook", ""), new("__RequestVerificationToken", await person.TokenAsync())]);
                Assert.Equal(HttpStatusCode.NotFound, (await person.Http.PostAsync($"/rooms/{room}/bots{at}", form)).StatusCode);
            }
        }
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync($"/rooms/{lobby}/bots")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync($"/rooms/{room}/bots/Nobody")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await app.Visitor().Http.GetAsync($"/rooms/{room}/bots")).StatusCode);
        Assert.DoesNotContain("/bots", (await ben.GetPageAsync($"/rooms/{room}/settings")).DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await kitchen.PostAsync(token, new { content = "still mine" })).StatusCode);
        var members = await ben.GetPageAsync($"/rooms/{room}/members");
        Assert.Equal("Members, 2", members.QuerySelector("#members")!.TextContent);
        Assert.Contains("2 members", (await ben.GetPageAsync($"/rooms/{room}")).QuerySelector(".here-now")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Bot", members.QuerySelectorAll(".rows li").Single(l => l.TextContent.Contains("@Echo", StringComparison.Ordinal)).QuerySelector(".stamp")!.TextContent);
    }

    [Fact]
    public async Task Keys_are_shown_once_a_new_token_ends_the_old_one_and_removal_ends_all()
    {
        var (token, secret) = await kitchen.MakeAsync("Echo");
        var page = await ann.GetPageAsync($"/rooms/{room}/bots/echo");
        foreach (var shown in new[] { token, secret })
        {
            Assert.DoesNotContain(shown, page.DocumentElement.OuterHtml, StringComparison.Ordinal);
            Assert.DoesNotContain(shown, (await ann.GetPageAsync($"/rooms/{room}/bots")).DocumentElement.OuterHtml, StringComparison.Ordinal);
        }

        var renewed = await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{room}/bots/Echo", "New token"));
        var fresh = renewed.QuerySelector("#token")!.TextContent;
        Assert.Equal(HttpStatusCode.Unauthorized, (await kitchen.PostAsync(token, new { content = "old" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await kitchen.PostAsync(fresh, new { content = "new" })).StatusCode);

        await ann.SubmitAsync($"/rooms/{room}/bots/Echo/remove", "Remove");
        Assert.Equal(HttpStatusCode.Unauthorized, (await kitchen.PostAsync(fresh, new { content = "gone" })).StatusCode);
        var log = (await ann.GetPageAsync($"/rooms/{room}")).QuerySelector("[role=log]")!.TextContent;
        Assert.Contains("ann added the bot Echo", log, StringComparison.Ordinal);
        Assert.Contains("ann removed the bot Echo", log, StringComparison.Ordinal);
        Assert.DoesNotContain("gone", log, StringComparison.Ordinal);
        Assert.DoesNotContain("@Echo", (await ann.GetPageAsync($"/rooms/{room}/members")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_taken_uses_up_nothing_and_who_made_a_bot_is_told()
    {
        using var strict = new App(("WebChat:Limits:RegistrationsPerHour", "1"));
        using var cas = await strict.SignUpAsync("cas");
        var group = await cas.NewGroupAsync("Strict");
        for (var i = 0; i < 3; i++)
            Assert.Contains("This name is taken.", await MakeAsync("CAS"), StringComparison.Ordinal);
        Assert.Contains("Copy both now", await MakeAsync("Echo"), StringComparison.Ordinal);
        Assert.Contains("This name is taken.", await MakeAsync("echo"), StringComparison.Ordinal);
        Assert.Contains("Too many new bots.", await MakeAsync("Parrot"), StringComparison.Ordinal);

        Assert.Contains("made by cas,", (await cas.GetPageAsync($"/rooms/{group}/bots")).QuerySelector(".rows li")!.TextContent, StringComparison.Ordinal);

        async Task<string> MakeAsync(string name) =>
            (await Person.ReadAsync(await cas.SubmitAsync($"/rooms/{group}/bots", "Make bot", ("Name", name), ("Webhook address", "")))).QuerySelector("main")!.TextContent;
    }

    [Theory]
    [InlineData("ab", "")]
    [InlineData("Есһо", "")] // Cyrillic
    [InlineData("ec\u200Bho", "")]
    [InlineData("echo echo", "")]
    [InlineData("all", "")]
    [InlineData("ANN", "")]
    [InlineData("1echo", "")]
    [InlineData("Echo", "http://127.0.0.1/")]
    [InlineData("Echo", "http://10.0.0.5/hook")]
    [InlineData("Echo", "http://[::1]/")]
    [InlineData("Echo", "http://169.254.169.254/latest/meta-data/")]
    [InlineData("Echo", "ftp://a.example/")]
    [InlineData("Echo", "ws://a.example/")]
    [InlineData("Echo", "javascript:alert(1)")]
    [InlineData("Echo", "https://ann:secret@a.example/")]
    [InlineData("Echo", "nonsense")]
    public async Task Names_that_look_like_others_and_addresses_that_are_not_the_publics_are_refused(string name, string webhook)
    {
        var answer = await ann.SubmitAsync($"/rooms/{room}/bots", "Make bot", ("Name", name), ("Webhook address", webhook));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull((await Person.ReadAsync(answer)).QuerySelector(".field .error"));
        Assert.Empty((await ann.GetPageAsync($"/rooms/{room}/bots")).QuerySelectorAll(".rows li"));
    }

    [Fact]
    public async Task Nobody_signs_in_as_one_or_takes_its_name_and_it_is_never_online()
    {
        var (token, _) = await kitchen.MakeAsync("Echo");
        await kitchen.PostAsync(token, new { content = "here" });
        using var thief = app.Visitor();
        foreach (var password in new[] { "", token, App.Password })
            Assert.NotEqual(HttpStatusCode.Redirect, (await thief.SignInAsync("Echo", password)).StatusCode);
        Assert.DoesNotContain("Echo", (await ann.GetPageAsync("/online")).QuerySelector("#online-list")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("@Echo", (await ann.GetPageAsync("/contacts/find?q=echo")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync("/people/Echo/request")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync("/people/Echo/block")).StatusCode);
        var page = await ann.GetPageAsync("/people/Echo");
        Assert.Contains("This is a bot", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("main form"));
        Assert.Empty(app.Get<Connections>().Online);
        await Assert.ThrowsAnyAsync<Exception>(() => app.SignUpAsync("echo"));
    }
}
