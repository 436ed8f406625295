using System.Net;

namespace WebChat.Tests.Accounts;

/// <summary>Who may make an account, as administrators have set it.</summary>
public sealed class RegistrationTests : IDisposable
{
    private readonly App app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task By_invite_a_link_lets_in_as_many_as_it_is_for_and_nobody_else_is_mailed()
    {
        using var admin = await app.SignUpAsync("admin");
        await SetAsync(admin, "ByInvite");
        using var visitor = app.Visitor();
        var page = await visitor.GetPageAsync("/accounts/register");
        Assert.Contains("by invitation", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("form"));
        var token = await visitor.TokenAsync("/accounts/sign-in");
        foreach (var invite in new[] { "", "wci_made-up" })
        {
            var refused = await visitor.Http.PostAsync($"/accounts/register?handler=code&invite={invite}", new FormUrlEncodedContent([new("Email", "eve@example.org"), new("__RequestVerificationToken", token)]));
            Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        }
        Assert.Equal(0, app.MailsTo("eve@example.org"));

        var link = await LinkAsync(admin);
        using var ben = app.Visitor();
        Assert.Equal("/", (await ComeAsync(ben, link, "ben")).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await ben.Http.GetAsync("/me")).StatusCode);

        using var late = app.Visitor();
        Assert.Contains("not good any more", (await late.GetPageAsync(link)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_invited_second_by_a_link_for_one_is_told_so_at_the_end_too()
    {
        using var admin = await app.SignUpAsync("admin");
        await SetAsync(admin, "ByInvite");
        var link = await LinkAsync(admin);
        using var slow = app.Visitor();
        var sent = await slow.FollowAsync(await slow.SubmitAsync(link, "Send code", ("E-mail", "slow@example.org")));
        using var quick = app.Visitor();
        Assert.Equal(HttpStatusCode.Redirect, (await ComeAsync(quick, link, "quick")).StatusCode);

        var answer = await Person.ReadAsync(await slow.SubmitAsync(sent, "Create account", ("Code", app.CodeFor("slow@example.org")), ("Account", "slow"), ("Nickname", "Slow"), ("Password", App.Password)));

        Assert.Contains("not good any more", answer.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("/accounts/sign-in", (await slow.Http.GetAsync("/me")).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_invite_a_known_address_gets_the_page_that_an_unknown_one_gets()
    {
        using var admin = await app.SignUpAsync("admin");
        await SetAsync(admin, "ByInvite");
        var link = await LinkAsync(admin);
        using var one = app.Visitor();
        using var other = app.Visitor();

        var known = await one.FollowAsync(await one.SubmitAsync(link, "Send code", ("E-mail", admin.Email)));
        var unknown = await other.FollowAsync(await other.SubmitAsync(link, "Send code", ("E-mail", "nobody@example.org")));

        Assert.Equal(unknown.QuerySelector("main")!.TextContent.Replace("nobody@example.org", "?", StringComparison.Ordinal), known.QuerySelector("main")!.TextContent.Replace(admin.Email, "?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Closed_nobody_comes_in_with_a_link_or_without_and_the_sign_in_does_not_lead_there()
    {
        using var admin = await app.SignUpAsync("admin");
        var link = await LinkAsync(admin);
        using var visitor = app.Visitor();
        Assert.NotNull((await visitor.GetPageAsync("/accounts/sign-in")).QuerySelector("a[href^='/accounts/register']"));
        var sent = await visitor.FollowAsync(await visitor.SubmitAsync("/accounts/register", "Send code", ("E-mail", "eve@example.org")));
        await SetAsync(admin, "Closed");

        await visitor.SubmitAsync(sent, "Create account", ("Code", app.CodeFor("eve@example.org")), ("Account", "eve"), ("Nickname", "Eve"), ("Password", App.Password));

        Assert.StartsWith("/accounts/sign-in", (await visitor.Http.GetAsync("/me")).Headers.Location!.OriginalString, StringComparison.Ordinal);
        foreach (var address in new[] { "/accounts/register", link })
            Assert.Contains("No new accounts are made here", (await visitor.GetPageAsync(address)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Null((await visitor.GetPageAsync("/accounts/sign-in")).QuerySelector("a[href^='/accounts/register']"));
    }

    private static async Task SetAsync(Person admin, string registration) =>
        Assert.Equal(HttpStatusCode.Redirect, (await admin.SubmitAsync("/admin/settings", "Save", ("Who can make an account", registration))).StatusCode);

    private static async Task<string> LinkAsync(Person admin) =>
        new Uri((await Person.ReadAsync(await admin.SubmitAsync("/admin/invites", "Make link"))).GetElementById("link")!.TextContent).PathAndQuery;

    private async Task<HttpResponseMessage> ComeAsync(Person person, string link, string account)
    {
        var sent = await person.FollowAsync(await person.SubmitAsync(link, "Send code", ("E-mail", $"{account}@example.org")));
        return await person.SubmitAsync(sent, "Create account", ("Code", app.CodeFor($"{account}@example.org")), ("Account", account), ("Nickname", account), ("Password", App.Password));
    }
}
