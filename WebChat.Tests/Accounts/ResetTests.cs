using System.Net;

namespace WebChat.Tests.Accounts;

public sealed class ResetTests(App app) : IClassFixture<App>
{
    private static string NewName() => "p" + Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task A_new_password_ends_every_session_and_its_live_feed()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var elsewhere = app.Visitor();
        await elsewhere.SubmitAsync("/accounts/reset", "Send code", ("E-mail", ann.Email));
        await using var socket = await ann.ConnectAsync();
        await socket.RoundTripAsync();

        var answer = await elsewhere.SubmitAsync("/accounts/reset", "Change password", ("Code", app.CodeFor(ann.Email)), ("New password", "another good one"));

        Assert.Equal("/accounts/sign-in", answer.Headers.Location?.OriginalString);
        Assert.Equal(4401, await socket.ClosedAsync());
        Assert.Equal(HttpStatusCode.Redirect, (await ann.Http.GetAsync("/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.SignInAsync(ann.Account)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.SignInAsync(ann.Account, "another good one")).StatusCode);
    }

    [Fact]
    public async Task An_unknown_address_looks_the_same_and_gets_nothing()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var visitor = app.Visitor();
        var unknown = $"{NewName()}@example.org";

        var known = await visitor.SubmitAsync("/accounts/reset", "Send code", ("E-mail", ann.Email));
        var answer = await visitor.SubmitAsync("/accounts/reset?again=true", "Send code", ("E-mail", unknown));
        var page = await visitor.GetPageAsync("/accounts/reset");

        Assert.Equal(known.StatusCode, answer.StatusCode);
        Assert.Equal(known.Headers.Location, answer.Headers.Location);
        Assert.Contains(unknown, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(0, app.MailsTo(unknown));
    }

    [Fact]
    public async Task A_code_for_joining_does_not_reset()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var visitor = app.Visitor();
        await visitor.SubmitAsync("/accounts/register", "Send code", ("E-mail", $"{NewName()}@example.org"));

        var page = await visitor.GetPageAsync("/accounts/reset");

        Assert.Null(page.GetElementById("code"));
    }
}
