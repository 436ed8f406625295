using System.Net;

namespace WebChat.Tests.Accounts;

public sealed class RegisterTests(App app) : IClassFixture<App>, IAsyncLifetime
{
    private readonly string name = "p" + Guid.NewGuid().ToString("N")[..8];

    private string Email => $"{name}@example.org";

    /// <summary>The set-up page stands before all others until somebody is there.</summary>
    public async Task InitializeAsync() => (await app.SignUpAsync("first" + name)).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    private Task<HttpResponseMessage> CreateAsync(Person person, string code, string? account = null, string? nickname = null, string password = App.Password) =>
        person.SubmitAsync("/accounts/register", "Create account", ("Code", code), ("Account", account ?? name), ("Nickname", nickname ?? "Ann"), ("Password", password));

    private async Task<Person> SentAsync(string? email = null)
    {
        var person = app.Visitor();
        var answer = await person.SubmitAsync("/accounts/register", "Send code", ("E-mail", email ?? Email));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return person;
    }

    private static string Wrong(string code) => (code[0] == '9' ? "0" : "9") + code[1..];

    [Fact]
    public async Task With_the_mailed_code_one_is_in()
    {
        using var ann = await SentAsync();

        var answer = await CreateAsync(ann, app.CodeFor(Email));

        Assert.Equal("/", answer.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task A_code_is_refused_in_another_browser()
    {
        using var ann = await SentAsync();
        using var mallory = await SentAsync($"mallory@{name}.example");

        var page = await Person.ReadAsync(await CreateAsync(mallory, app.CodeFor(Email)));

        Assert.NotNull(page.GetElementById("code-error"));
    }

    [Fact]
    public async Task The_sixth_try_is_refused()
    {
        using var ann = await SentAsync();
        var code = app.CodeFor(Email);
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await CreateAsync(ann, Wrong(code))).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await CreateAsync(ann, code)).StatusCode);
    }

    [Fact]
    public async Task A_mistake_in_another_field_does_not_use_the_code_up()
    {
        using var ann = await SentAsync();
        var code = app.CodeFor(Email);

        for (var i = 0; i < 6; i++)
            Assert.Equal(HttpStatusCode.OK, (await CreateAsync(ann, code, account: "1")).StatusCode);

        Assert.Equal(HttpStatusCode.Redirect, (await CreateAsync(ann, code)).StatusCode);
    }

    [Theory]
    [InlineData("аdmin", "Cyrillic а")]
    [InlineData("adm\u200Bin", "zero width space")]
    [InlineData("ａｄｍｉｎ", "full width")]
    [InlineData("admin\u202E", "override")]
    [InlineData("ad", "too short")]
    [InlineData("a23456789012345678901234x", "too long")]
    [InlineData("1admin", "digit first")]
    [InlineData("ad min", "space")]
    [InlineData("admin.", "dot")]
    public async Task Accounts_that_could_be_mistaken_are_refused(string account, string why)
    {
        using var ann = await SentAsync();

        var page = await Person.ReadAsync(await CreateAsync(ann, app.CodeFor(Email), account));

        Assert.True(page.GetElementById("account-error") is not null, why);
    }

    [Fact]
    public async Task An_account_is_taken_in_any_case()
    {
        using var ann = await SentAsync();

        var page = await Person.ReadAsync(await CreateAsync(ann, app.CodeFor(Email), ("first" + name).ToUpperInvariant()));

        Assert.Contains("taken", page.GetElementById("account-error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_known_address_looks_the_same_and_its_owner_is_told()
    {
        var known = $"first{name}@example.org";
        var before = app.MailsTo(known);
        using var unknownPerson = await SentAsync();
        using var knownPerson = await SentAsync(known);

        var unknownPage = await unknownPerson.Http.GetStringAsync("/accounts/register");
        var knownPage = await knownPerson.Http.GetStringAsync("/accounts/register");
        var unknownAnswer = await (await CreateAsync(unknownPerson, "00000000")).Content.ReadAsStringAsync();
        var knownAnswer = await (await CreateAsync(knownPerson, "00000000")).Content.ReadAsStringAsync();

        Assert.Equal(Neutral(unknownPage, Email), Neutral(knownPage, known));
        Assert.Equal(Neutral(unknownAnswer, Email), Neutral(knownAnswer, known));
        Assert.Equal(before + 1, app.MailsTo(known));
    }

    private static string Neutral(string page, string email)
    {
        var neutral = page.Replace(email, "ADDRESS", StringComparison.Ordinal);
        neutral = System.Text.RegularExpressions.Regex.Replace(neutral, "CfDJ8[A-Za-z0-9_-]+", "TOKEN", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        return System.Text.RegularExpressions.Regex.Replace(neutral, "data-wait=\"[0-9]+\"", "WAIT", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("ann@example.org\r\nBcc: all@example.org")]
    [InlineData("ann@example.org\nBcc: all@example.org")]
    [InlineData("ann@example.org, ben@example.org")]
    [InlineData("Ann <ann@example.org>")]
    [InlineData("ann@example.org%0d%0aBcc:all@example.org")]
    [InlineData("ann")]
    [InlineData("@example.org")]
    [InlineData("a..b@example.org")]
    [InlineData(".ann@example.org")]
    [InlineData("ann.@example.org")]
    [InlineData("ann@exam ple.org")]
    [InlineData("")]
    public async Task What_is_more_or_less_than_one_address_is_refused_beside_the_field(string email)
    {
        using var visitor = app.Visitor();
        var before = app.MailsTo("");

        var page = await Person.ReadAsync(await visitor.SubmitAsync("/accounts/register", "Send code", ("E-mail", email)));

        Assert.NotNull(page.GetElementById("email-error"));
        Assert.Equal(before, app.MailsTo(""));
    }

    [Fact]
    public async Task A_nickname_keeps_nothing_that_hides_or_turns_it()
    {
        using var ann = await SentAsync();
        await CreateAsync(ann, app.CodeFor(Email), nickname: "  Ann\u202E\u200B   \u0007Lee ");

        var page = await ann.GetPageAsync("/me");

        Assert.Equal("Ann Lee", page.GetElementById("nickname")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Between_two_codes_one_waits_and_the_fourth_in_an_hour_is_refused()
    {
        using var own = new App(("WebChat:Limits:CodesPerHour", "3"));
        using var first = await own.SignUpAsync("first");
        using var ann = own.Visitor();
        Assert.Equal(HttpStatusCode.Redirect, (await ann.SubmitAsync("/accounts/register", "Send code", ("E-mail", Email))).StatusCode);

        var answer = await ann.SubmitAsync("/accounts/register?again=true", "Send code", ("E-mail", Email));

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(1, own.MailsTo(Email));
    }

    [Fact]
    public async Task The_sixth_registration_of_a_client_in_an_hour_is_refused()
    {
        using var own = new App(("WebChat:Limits:RegistrationsPerHour", "5"));
        using var first = await own.SignUpAsync("first");
        using var ann = own.Visitor();
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.Redirect, (await ann.SubmitAsync("/accounts/register?again=true", "Send code", ("E-mail", $"{i}{Email}"))).StatusCode);

        var answer = await ann.SubmitAsync("/accounts/register?again=true", "Send code", ("E-mail", Email));

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
    }

    [Fact]
    public async Task Errors_and_mail_are_in_the_readers_language()
    {
        using var ann = app.Visitor("zh-CN");
        var refused = await Person.ReadAsync(await ann.SubmitAsync("/accounts/register", "发送验证码", ("邮箱", "x")));
        Assert.Contains("邮箱", refused.GetElementById("email-error")!.TextContent, StringComparison.Ordinal);

        await ann.SubmitAsync("/accounts/register", "发送验证码", ("邮箱", Email));

        using var mailbox = app.Visitor();
        Assert.Contains("你的验证码是", (await mailbox.GetPageAsync("/mailbox")).Body!.TextContent, StringComparison.Ordinal);
    }
}
