using System.Net;

namespace WebChat.Tests.Accounts;

public sealed class EmailTests(App app) : IClassFixture<App>
{
    private readonly string name = "p" + Guid.NewGuid().ToString("N")[..8];

    private string New => $"new-{name}@example.org";

    [Fact]
    public async Task The_code_goes_to_the_new_address_and_word_of_it_to_the_old()
    {
        using var ann = await app.SignUpAsync(name);
        var before = app.MailsTo($"To: {ann.Email}");

        var page = await SendAsync(ann, New);
        Assert.Contains(New, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(before, app.MailsTo($"To: {ann.Email}"));
        Assert.Equal("/me/security", (await ann.SubmitAsync(page, "Change address", ("Code", app.CodeFor(New)))).Headers.Location!.OriginalString);

        Assert.Equal(before + 1, app.MailsTo($"To: {ann.Email}"));
        using var device = app.Visitor();
        Assert.Equal(HttpStatusCode.OK, (await device.SignInAsync(ann.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await device.SignInAsync(New)).StatusCode);
    }

    [Fact]
    public async Task A_taken_address_looks_the_same_its_owner_is_told_and_no_code_is_right()
    {
        using var ann = await app.SignUpAsync(name);
        using var ben = await app.SignUpAsync("b" + name);
        using var cas = await app.SignUpAsync("c" + name);
        var before = app.MailsTo($"To: {ben.Email}");

        var taken = await SendAsync(ann, ben.Email);
        var free = await SendAsync(cas, New);

        Assert.Equal(Neutral(free, New), Neutral(taken, ben.Email));
        Assert.Equal(before + 1, app.MailsTo($"To: {ben.Email}"));
        var refused = await Person.ReadAsync(await ann.SubmitAsync(taken, "Change address", ("Code", "00000000")));
        Assert.NotNull(refused.GetElementById("code-error"));
        using var device = app.Visitor();
        Assert.Equal(HttpStatusCode.Redirect, (await device.SignInAsync(ann.Email)).StatusCode);
    }

    [Fact]
    public async Task A_code_is_of_no_use_to_another_user_in_the_same_browser_nor_a_sixth_time()
    {
        using var ann = await app.SignUpAsync(name);
        var page = await SendAsync(ann, New);
        for (var i = 0; i < 5; i++)
            await ann.SubmitAsync(page, "Change address", ("Code", "1"));
        Assert.Equal(HttpStatusCode.OK, (await ann.SubmitAsync(page, "Change address", ("Code", app.CodeFor(New)))).StatusCode);

        using var mallory = await app.SignUpAsync("m" + name);
        var hers = await SendAsync(mallory, $"x{New}");
        using var shared = app.Visitor();
        await shared.SignInAsync(ann.Account);
        foreach (Cookie cookie in mallory.Cookies.GetAllCookies())
        {
            if (cookie.Name == "webchat-flow")
                shared.Cookies.Add(cookie);
        }
        Assert.Null((await shared.GetPageAsync("/me/email")).GetElementById("code"));
        Assert.NotNull(hers.GetElementById("code"));
    }

    [Theory]
    [InlineData("ann")]
    [InlineData("ann@example.org\r\nBcc: all@example.org")]
    public async Task What_is_no_address_is_refused_beside_the_field(string email)
    {
        using var ann = await app.SignUpAsync("q" + name);

        var page = await Person.ReadAsync(await ann.SubmitAsync("/me/email", "Send code", ("New e-mail", email)));

        Assert.NotNull(page.GetElementById("email-error"));
    }

    [Fact]
    public async Task Ones_own_is_no_new_one()
    {
        using var ann = await app.SignUpAsync(name);

        var page = await Person.ReadAsync(await ann.SubmitAsync("/me/email", "Send code", ("New e-mail", ann.Email.ToUpperInvariant())));

        Assert.Contains("your address already", page.GetElementById("email-error")!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<AngleSharp.Html.Dom.IHtmlDocument> SendAsync(Person person, string email) =>
        await person.FollowAsync(await person.SubmitAsync("/me/email?again=true", "Send code", ("New e-mail", email)));

    private static string Neutral(AngleSharp.Html.Dom.IHtmlDocument page, string email) =>
        page.QuerySelector("main")!.TextContent.Replace(email, "ADDRESS", StringComparison.Ordinal);
}
