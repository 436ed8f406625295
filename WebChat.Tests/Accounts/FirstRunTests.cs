using System.Net;

namespace WebChat.Tests.Accounts;

public sealed class FirstRunTests : IDisposable
{
    private readonly App app = new();

    public void Dispose() => app.Dispose();

    [Theory]
    [InlineData("/")]
    [InlineData("/rooms")]
    [InlineData("/accounts/sign-in")]
    [InlineData("/accounts/register")]
    [InlineData("/me")]
    public async Task An_empty_installation_opens_on_the_set_up_page(string address)
    {
        using var visitor = app.Visitor();

        var answer = await visitor.Http.GetAsync(address);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/setup", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task The_first_user_is_signed_in_and_the_page_is_gone()
    {
        using var visitor = app.Visitor();
        await visitor.SubmitAsync("/setup", "Create", ("Name of this chat", "Harbour House"), ("Account", "mei"), ("E-mail", "mei@example.org"), ("Password", App.Password));

        var me = await visitor.GetPageAsync("/me");

        Assert.EndsWith("· Harbour House", me.Title, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Http.GetAsync("/setup")).StatusCode);
        using var stranger = app.Visitor();
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Http.GetAsync("/setup")).StatusCode);
    }

    [Fact]
    public async Task Of_two_who_set_it_up_at_once_one_is_the_administrator()
    {
        using var ann = app.Visitor();
        using var ben = app.Visitor();
        var pages = (await ann.GetPageAsync("/setup"), await ben.GetPageAsync("/setup"));

        var answers = await Task.WhenAll(
            ann.SubmitAsync(pages.Item1, "Create", ("Name of this chat", "A"), ("Account", "ann"), ("E-mail", "ann@example.org"), ("Password", App.Password)),
            ben.SubmitAsync(pages.Item2, "Create", ("Name of this chat", "B"), ("Account", "ben"), ("E-mail", "ben@example.org"), ("Password", App.Password)));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task What_is_missing_is_said_beside_its_field_all_at_once()
    {
        using var visitor = app.Visitor();

        var page = await Person.ReadAsync(await visitor.SubmitAsync("/setup", "Create"));

        foreach (var field in new[] { "sitename", "account", "email", "password" })
        {
            Assert.Equal("true", page.GetElementById(field)!.GetAttribute("aria-invalid"));
            Assert.NotEqual("", page.GetElementById(field + "-error")!.TextContent.Trim());
        }
    }
}
