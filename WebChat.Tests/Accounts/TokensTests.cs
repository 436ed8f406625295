using System.Net;
using WebChat.Accounts;
using WebChat.Shared;

namespace WebChat.Tests.Accounts;

/// <summary>The tokens of people's programs: shown once, stored as nothing but a hash, and ended by all that ends a sign-in.</summary>
public sealed class TokensTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_token_is_shown_once_and_stored_nowhere()
    {
        using var ann = await app.SignUpAsync("ann-t1");

        var token = await ann.MakeTokenAsync("backup 备份");

        Assert.Matches("^wcp_[A-Za-z0-9_-]{43}$", token);
        Assert.NotEqual(token, await ann.MakeTokenAsync("other"));
        var page = await ann.GetPageAsync("/me/tokens");
        Assert.DoesNotContain(token, page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Equal(["other", "backup 备份"], page.QuerySelectorAll(".rows b").Select(b => b.TextContent));
        Assert.Contains("never used", page.QuerySelector(".rows")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(await app.Get<SessionStore>().TokensAsync(await ann.IdAsync()), t => token.Contains(t.Id, StringComparison.Ordinal));
        Assert.DoesNotContain("backup", (await ann.GetPageAsync("/me/security")).Body!.TextContent, StringComparison.Ordinal);
        using var ben = await app.SignUpAsync("ben-t1");
        Assert.Empty((await ben.GetPageAsync("/me/tokens")).QuerySelectorAll(".rows li"));
    }

    [Fact]
    public async Task It_is_shown_to_nobody_else_who_signs_in_at_that_browser_and_its_owner_hears_of_it_by_mail()
    {
        using var ann = await app.SignUpAsync("ann-t20");
        using var ben = await app.SignUpAsync("ben-t20");
        var mails = app.MailsTo(ann.Email);

        await ann.SubmitAsync("/me/tokens", "Make token", ("Name", "script")); // and the page that would show it is never loaded
        await ann.SubmitAsync("/me", "Sign out");
        await ann.SignInAsync("ben-t20");

        var page = await ann.GetPageAsync("/me/tokens");
        Assert.Contains("ben-t20", (await ann.GetPageAsync("/me")).DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("#token"));
        Assert.Equal(mails + 1, app.MailsTo(ann.Email));
    }

    [Fact]
    public async Task It_opens_the_exchange_and_its_page_says_that_it_was_used()
    {
        using var ann = await app.SignUpAsync("ann-t2");
        var token = await ann.MakeTokenAsync();

        await using (await LiveSocket.ProgramAsync(app.Address, token))
        {
            // That it is open is all.
        }

        for (var page = ""; !page.Contains("last used", StringComparison.Ordinal); page = (await ann.GetPageAsync("/me/tokens")).Body!.TextContent)
            await Task.Yield();
    }

    [Fact]
    public async Task While_its_line_is_open_it_is_in_use_and_others_are_not()
    {
        using var ann = await app.SignUpAsync("ann-t9");
        var store = app.Get<SessionStore>();
        await ann.MakeTokenAsync("idle");
        await using var program = await LiveSocket.ProgramAsync(app.Address, await ann.MakeTokenAsync("busy"));
        while ((await SeenAsync())["busy"] == 0) // its handshake has been noted
            await Task.Yield();
        var before = await SeenAsync();
        while (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() <= before["busy"])
            await Task.Yield();

        await app.Get<TokenUse>().NoteAsync();

        Assert.True((await SeenAsync())["busy"] > before["busy"]);
        Assert.Equal(0, (await SeenAsync())["idle"]);

        async Task<Dictionary<string, long>> SeenAsync() => (await store.TokensAsync(await ann.IdAsync())).ToDictionary(t => t.TokenName!, t => t.SeenAt);
    }

    [Fact]
    public async Task Where_one_looks_after_ones_security_they_are_counted()
    {
        using var ann = await app.SignUpAsync("ann-t10");
        Assert.Contains("No program writes as you", await SecurityAsync(), StringComparison.Ordinal);
        await ann.MakeTokenAsync("one");
        Assert.Contains("1 token lets a program write as you", await SecurityAsync(), StringComparison.Ordinal);
        await ann.MakeTokenAsync("two");
        Assert.Contains("2 tokens let programs write as you", await SecurityAsync(), StringComparison.Ordinal);
        Assert.NotNull((await ann.GetPageAsync("/me/security")).QuerySelector("main a[href='/me/tokens']"));

        await ann.SubmitAsync("/me/security", "Sign out everywhere else"); // from the only device there is

        Assert.Contains("No program writes as you", await SecurityAsync(), StringComparison.Ordinal);

        async Task<string> SecurityAsync() => (await ann.GetPageAsync("/me/security")).QuerySelector("main")!.TextContent;
    }

    [Fact]
    public async Task Removing_it_ends_its_line_at_once_and_no_other()
    {
        using var ann = await app.SignUpAsync("ann-t3");
        var token = await ann.MakeTokenAsync("going");
        await using var going = await LiveSocket.ProgramAsync(app.Address, token);
        await using var staying = await ann.RunProgramAsync();
        await using var tab = await ann.ConnectAsync();
        var list = await ann.GetPageAsync("/me/tokens");
        var row = list.QuerySelectorAll(".rows li").Single(li => li.TextContent.Contains("going", StringComparison.Ordinal));

        await ann.Http.PostAsync("/me/tokens?handler=remove", new FormUrlEncodedContent(row.QuerySelectorAll("input").Select(i => KeyValuePair.Create(i.GetAttribute("name")!, i.GetAttribute("value")!))));

        Assert.Equal(4401, await going.ClosedAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(token));
        await staying.RoundTripAsync();
        await tab.RoundTripAsync();
    }

    [Fact]
    public async Task Nobody_removes_somebody_elses()
    {
        using var ann = await app.SignUpAsync("ann-t4");
        using var ben = await app.SignUpAsync("ben-t4");
        await using var program = await ann.RunProgramAsync();
        var id = (await app.Get<SessionStore>().TokensAsync(await ann.IdAsync())).Single().Id;

        await ben.Http.PostAsync("/me/tokens?handler=remove", new FormUrlEncodedContent([new("token", id), new("__RequestVerificationToken", await ben.TokenAsync())]));

        await program.RoundTripAsync();
        Assert.Single(await app.Get<SessionStore>().TokensAsync(await ann.IdAsync()));
    }

    [Theory]
    [InlineData("others")]
    [InlineData("password")]
    public async Task What_ends_all_other_sign_ins_ends_programs_too(string how)
    {
        using var ann = await app.SignUpAsync("ann-t5" + how);
        var token = await ann.MakeTokenAsync();
        await using var program = await LiveSocket.ProgramAsync(app.Address, token);
        using (var second = new Person(app, ann.Account, "en")) // a second device, so that there is something to press
            await second.SignInAsync();

        if (how == "others")
            await ann.SubmitAsync("/me/security", "Sign out everywhere else");
        else
            await ann.SubmitAsync("/me/security", "Change password", ("Current password", App.Password), ("New password", "quite another phrase"));

        Assert.Equal(4401, await program.ClosedAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(token));
        Assert.Empty((await ann.GetPageAsync("/me/tokens")).QuerySelectorAll(".rows li"));
    }

    [Fact]
    public async Task Signing_out_of_a_device_leaves_programs_alone()
    {
        using var ann = await app.SignUpAsync("ann-t6");
        await using var program = await ann.RunProgramAsync();

        await ann.SubmitAsync("/me", "Sign out");

        await program.RoundTripAsync();
    }

    [Fact]
    public async Task There_are_twenty_and_no_more_and_each_has_a_name()
    {
        using var ann = await app.SignUpAsync("ann-t7");
        Assert.Contains("A name is missing.", await SayAsync(ann, " \u200B "), StringComparison.Ordinal);
        Assert.Contains("At most 40 characters.", await SayAsync(ann, new string('x', 41)), StringComparison.Ordinal);
        for (var i = 0; i < SessionStore.MostTokens; i++)
            await ann.MakeTokenAsync($"number {i}");

        Assert.Contains("You have 20 tokens already.", await SayAsync(ann, "one more"), StringComparison.Ordinal);
        Assert.Equal(20, (await ann.GetPageAsync("/me/tokens")).QuerySelectorAll(".rows li").Length);
        Assert.Equal(1, (await ann.GetPageAsync("/me/security")).QuerySelectorAll("[aria-labelledby=devices] li").Length); // they are no devices
    }

    [Fact]
    public async Task A_token_opens_no_page_and_posts_no_form()
    {
        using var ann = await app.SignUpAsync("ann-t8");
        var room = await ann.NewGroupAsync("Ours");
        var token = await ann.MakeTokenAsync();
        using var program = app.Visitor();
        program.Http.DefaultRequestHeaders.Add("Authorization", $"Bearer {token}");
        program.Http.DefaultRequestHeaders.Accept.ParseAdd("application/json");

        foreach (var address in new[] { "/me", "/me/tokens", "/rooms", $"/rooms/{room}", $"/rooms/{room}/messages" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await program.Http.GetAsync(address)).StatusCode);
        using var words = new FormUrlEncodedContent([new("content", "hello")]);
        Assert.NotEqual(HttpStatusCode.OK, (await program.Http.PostAsync($"/rooms/{room}/messages", words)).StatusCode);

        // Nor is it a cookie, and a cookie is no token.
        using var thief = app.Visitor();
        thief.Cookies.Add(app.Address, new Cookie("webchat", token));
        Assert.Equal(HttpStatusCode.Redirect, (await thief.Http.GetAsync("/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(ann.Cookies.GetCookies(app.Address)["webchat"]!.Value));
    }

    [Fact]
    public void Only_what_looks_like_one_is_looked_up()
    {
        var token = Token.New(Token.Personal);
        foreach (var (shown, found) in new (string, string?)[]
        {
            ($"Bearer {token}", token), ($"bearer {token}", token), (token, null), ($"Basic {token}", null), ($"Bearer {token}x", null), ($"Bearer {token[..^1]}", null),
            ("Bearer", null), ("", null), ($"Bearer {Token.New(Token.Room)}", null), ($"Bearer {token}, Bearer {token}", null),
        })
        {
            var http = new Microsoft.AspNetCore.Http.DefaultHttpContext();
            http.Request.Headers.Authorization = shown;
            Assert.Equal(found, Token.Of(http.Request, Token.Personal));
        }
    }

    private async Task<HttpStatusCode?> RefusedAsync(string token) =>
        (await Assert.ThrowsAsync<HttpRequestException>(() => LiveSocket.ProgramAsync(app.Address, token))).StatusCode;

    private static async Task<string> SayAsync(Person person, string name) =>
        (await person.FollowAsync(await person.SubmitAsync("/me/tokens", "Make token", ("Name", name)))).Body!.TextContent;
}
