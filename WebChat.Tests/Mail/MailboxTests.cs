using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WebChat.Tests.Accounts;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Mail;

public sealed class MailboxTests
{
    [Fact]
    public async Task While_one_develops_anybody_reads_it_newest_first()
    {
        using var app = new App();
        using var mei = await app.SignUpAsync("mei");
        using var visitor = app.Visitor();
        await visitor.SubmitAsync("/accounts/register", "Send code", ("E-mail", "ann@example.org"));
        await visitor.SubmitAsync("/accounts/register?again=true", "Send code", ("E-mail", "mei@example.org"));

        var letters = (await visitor.GetPageAsync("/mailbox")).QuerySelectorAll("article");

        Assert.Equal(2, letters.Length);
        Assert.Contains("mei@example.org", letters[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("already have an account", letters[0].TextContent, StringComparison.Ordinal);
        Assert.Contains(app.CodeFor("ann@example.org"), letters[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_production_it_is_the_administrators()
    {
        using var app = new App(("environment", "Production"));
        using var mei = await app.SignUpAsync("mei");
        using var ann = await app.SignUpAsync("ann");
        using var visitor = app.Visitor();

        Assert.NotNull((await mei.GetPageAsync("/me")).QuerySelector("nav.subnav a[href='/mailbox']"));
        Assert.NotNull((await mei.GetPageAsync("/mailbox")).QuerySelector("nav.rail a[href='/me'][aria-current]"));
        Assert.Null((await ann.GetPageAsync("/me")).QuerySelector("a[href='/mailbox']"));
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync("/mailbox")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Http.GetAsync("/mailbox")).StatusCode);
        var asked = await visitor.FollowAsync(await visitor.SubmitAsync("/accounts/register", "Send code", ("E-mail", "new@example.org")));
        Assert.Equal("No mail server is set up yet. Ask the administrator for your code.", asked.QuerySelector(".note")!.TextContent.Trim());
    }

    [Fact]
    public async Task An_administrator_who_left_the_browser_open_is_asked_for_the_password_before_others_codes_are_read()
    {
        var clock = new ShiftedClock();
        using var app = new App(services => services.AddSingleton<TimeProvider>(clock), ("environment", "Production"));
        using var mei = await app.SignUpAsync("mei");
        using var ann = await app.SignUpAsync("ann");
        clock.Pass(TimeSpan.FromMinutes(16));

        Assert.Equal("/admin/confirm?returnUrl=%2Fmailbox", (await mei.Http.GetAsync("/mailbox")).Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync("/mailbox")).StatusCode);
    }

    [Fact]
    public async Task With_a_server_mail_is_really_sent()
    {
        using var server = new SmtpServer();
        using var app = new App(server.Settings);
        using var mei = await app.SignUpAsync("mei");
        using var visitor = app.Visitor();

        await visitor.SubmitAsync("/accounts/register", "Send code", ("E-mail", "ann@example.org"));
        var mail = await server.NextAsync();

        Assert.Contains("RCPT TO:<ann@example.org>", mail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Harbour House", mail, StringComparison.Ordinal);
        Assert.Matches("(?<![0-9])[0-9]{8}(?![0-9])", mail);
        Assert.Equal(0, app.MailsTo("ann@example.org"));
    }

    [Fact]
    public async Task A_mail_leads_nowhere_so_that_no_request_can_choose_where()
    {
        using var app = new App();
        using var mei = await app.SignUpAsync("mei");
        using var mallory = app.Visitor();
        mallory.Http.DefaultRequestHeaders.Host = "evil.example";

        await mallory.SubmitAsync("/accounts/register", "Send code", ("E-mail", mei.Email));
        await mallory.SubmitAsync("/accounts/reset", "Send code", ("E-mail", "ben@example.org"));
        await mallory.SubmitAsync("/accounts/register?again=true", "Send code", ("E-mail", "ann@example.org"));

        var mails = Directory.GetFiles(Path.Combine(app.Data, "mail"), "*.eml").Select(File.ReadAllText).ToList();
        Assert.Equal(2, mails.Count);
        Assert.Contains(mails, m => m.Contains("already have an account", StringComparison.Ordinal));
        Assert.DoesNotContain(mails, m => m.Contains("evil.example", StringComparison.Ordinal) || m.Contains("://", StringComparison.Ordinal));
    }
}
