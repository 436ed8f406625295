using System.Net;
using WebChat.Accounts.Factors;

namespace WebChat.Tests.Admin.Users;

public sealed class UserPagesTests : IDisposable
{
    private readonly App app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_disabled_persons_socket_ends_and_their_password_alone_tells_them_why()
    {
        using var admin = await app.SignUpAsync("admin");
        using var ben = await app.SignUpAsync("ben");
        using var cas = await app.SignUpAsync("cas");
        await using var open = await LiveSocket.ConnectAsync(app.Address, ben.Cookies);
        await using var other = await LiveSocket.ConnectAsync(app.Address, cas.Cookies);

        var asked = await admin.FollowAsync(await admin.SubmitAsync("/admin/users/ben", "Disable"));
        Assert.Equal("Disable ben?", asked.QuerySelector("h1")!.TextContent);
        Assert.Equal(HttpStatusCode.OK, (await ben.Http.GetAsync("/me")).StatusCode); // a question is no act
        await admin.SubmitAsync(asked, "Disable");

        Assert.Equal(4401, await open.ClosedAsync());
        Assert.StartsWith("/accounts/sign-in", (await ben.Http.GetAsync("/me")).Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var again = app.Visitor();
        var (right, wrong) = (await again.SignInAsync("ben"), await again.SignInAsync("ben", "not their password"));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        Assert.Equal("An administrator has disabled this account.", (await Person.ReadAsync(right)).GetElementById("password-error")!.TextContent.Trim());
        Assert.StartsWith("/accounts/sign-in", (await again.Http.GetAsync("/me")).Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal((await Person.ReadAsync(await again.SignInAsync("cas", "not their password"))).QuerySelector("main")!.TextContent, (await Person.ReadAsync(wrong)).QuerySelector("main")!.TextContent);
        for (var i = 0; i < 5; i++)
            await again.SignInAsync("ben", "not their password");
        Assert.Equal("That account and password do not match.", (await Person.ReadAsync(await again.SignInAsync("ben"))).GetElementById("password-error")!.TextContent.Trim()); // whoever tries passwords is locked out, and told nothing
        Assert.Contains("Disabled", (await admin.GetPageAsync("/admin/users/ben")).QuerySelector(".stamp")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await cas.Http.GetAsync("/me")).StatusCode);

        await admin.SubmitAsync("/admin/users/ben", "Enable");
        using var elsewhere = new Person(app, "ben", "en");
        elsewhere.Cookies.Add(ben.Cookies.GetCookies(app.Address));
        Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.SignInAsync("ben")).StatusCode); // at a device that is known
        var log = (await admin.GetPageAsync("/admin/audit?person=ben")).QuerySelectorAll("tbody tr").Select(r => r.Children[2].TextContent).ToList();
        Assert.Contains("Enabled a user", log[0], StringComparison.Ordinal);
        Assert.Contains("Disabled a user", log[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_password_opens_nothing_and_a_mail_says_the_way_back_which_works()
    {
        using var admin = await app.SignUpAsync("admin");
        using var ben = await app.SignUpAsync("ben");
        var mails = app.MailsTo(ben.Email);

        var asked = await admin.FollowAsync(await admin.SubmitAsync("/admin/users/ben", "Reset password"));
        var done = await admin.SubmitAsync(asked, "Reset password");

        Assert.Equal("/admin/users/ben", done.Headers.Location!.OriginalString);
        Assert.StartsWith("/accounts/sign-in", (await ben.Http.GetAsync("/me")).Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var again = app.Visitor();
        Assert.Equal(HttpStatusCode.OK, (await again.SignInAsync("ben")).StatusCode);
        await Until(() => app.MailsTo(ben.Email) > mails);
        var sent = await again.FollowAsync(await again.SubmitAsync("/accounts/reset", "Send code", ("E-mail", ben.Email)));
        await again.SubmitAsync(sent, "Change password", ("Code", app.CodeFor(ben.Email)), ("New password", "quite another phrase"));
        Assert.Equal(HttpStatusCode.Redirect, (await again.SignInAsync("ben", "quite another phrase")).StatusCode);
    }

    [Fact]
    public async Task Who_lost_every_device_comes_in_by_their_mail_alone_once_an_administrator_says_so()
    {
        using var admin = await app.SignUpAsync("admin");
        using var ben = await app.SignUpAsync("ben");
        var secret = Totp.NewSecret();
        await app.Get<TwoStep>().TurnOnAsync(await ben.IdAsync(), secret, Totp.CodeAt(secret, DateTimeOffset.UtcNow));

        await admin.SubmitAsync("/admin/users/ben/reset", "Reset password", ("Also remove the second step and passkeys", "true"));

        using var again = app.Visitor();
        var sent = await again.FollowAsync(await again.SubmitAsync("/accounts/reset", "Send code", ("E-mail", ben.Email)));
        await again.SubmitAsync(sent, "Change password", ("Code", app.CodeFor(ben.Email)), ("New password", "quite another phrase"));
        var signedIn = await again.SignInAsync("ben", "quite another phrase");
        Assert.DoesNotContain("/code", signedIn.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await again.Http.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task Signing_somebody_out_everywhere_leaves_their_password()
    {
        using var admin = await app.SignUpAsync("admin");
        using var ben = await app.SignUpAsync("ben");
        await admin.SubmitAsync("/admin/users/ben/sign-out", "Sign out everywhere");
        Assert.StartsWith("/accounts/sign-in", (await ben.Http.GetAsync("/me")).Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await ben.SignInAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.Http.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task The_last_administrator_is_told_why_they_stay_one()
    {
        using var admin = await app.SignUpAsync("admin");
        var answer = await admin.FollowAsync(await admin.SubmitAsync("/admin/users/admin/remove-administrator", "Remove administrator"));
        Assert.Contains("The last administrator cannot step down", answer.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.QuerySelectorAll("button"), b => b.TextContent == "Disable");
        Assert.Equal(HttpStatusCode.OK, (await admin.Http.GetAsync("/admin")).StatusCode);
    }

    [Fact]
    public async Task The_export_is_a_file_of_everybody_without_formulas_and_stands_in_the_log()
    {
        using var admin = await app.SignUpAsync("admin");
        using var ben = await app.SignUpAsync("ben");
        await ben.SubmitAsync("/me", "Save", ("Nickname", "=1+1"));
        Assert.NotNull((await admin.GetPageAsync("/admin/users")).QuerySelector("a[href='/admin/users.csv']"));

        var file = await admin.Http.GetAsync("/admin/users.csv");

        Assert.Equal("text/csv", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal("users.csv", file.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var lines = (await file.Content.ReadAsStringAsync()).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["account", "admin", "ben"], lines.Select(l => l.Split(',')[0]));
        Assert.StartsWith("ben,'=1+1,ben@example.org,", lines[2], StringComparison.Ordinal);
        Assert.Contains("Exported the users", (await admin.GetPageAsync("/admin/audit?act=users.export")).QuerySelector("tbody")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/admin/users?p=-1")]
    [InlineData("/admin/users?p=99999999999")]
    [InlineData("/admin/users?p=900000")]
    [InlineData("/admin/users?order=9&reverse=x&q=%25_'%22")]
    [InlineData("/admin/audit?before=-5")]
    [InlineData("/admin/audit?before=x&act=%27&person=nobody")]
    public async Task Odd_questions_get_a_page(string address)
    {
        using var admin = await app.SignUpAsync("admin");
        Assert.Equal(HttpStatusCode.OK, (await admin.Http.GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.Http.GetAsync("/admin/users/nobody")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.Http.GetAsync("/admin/users/admin/praise")).StatusCode);
    }

    private static async Task Until(Func<bool> isSo)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!isSo())
            await Task.Delay(20, soon.Token);
    }
}
