using AngleSharp.Html.Dom;

namespace WebChat.Tests.Admin.Invites;

public sealed class InvitePagesTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_link_is_shown_once_and_the_form_for_the_next_is_empty()
    {
        using var admin = await app.SignUpAsync("admin");
        var menu = (await admin.GetPageAsync("/admin")).QuerySelector("nav.subnav")!;
        Assert.Equal("Invite links", menu.QuerySelector("a[href='/admin/invites']")!.TextContent.Trim());

        var made = await Person.ReadAsync(await admin.SubmitAsync("/admin/invites", "Make link", ("Remark", "For Okafor")));

        Assert.Contains("/accounts/register?invite=", made.GetElementById("link")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("", ((IHtmlInputElement)made.GetElementById("remark")!).Value);
        Assert.Contains("For Okafor", made.QuerySelector("ul[aria-labelledby=links]")!.TextContent, StringComparison.Ordinal);
        var again = await admin.GetPageAsync("/admin/invites");
        Assert.Null(again.GetElementById("link"));
        Assert.Equal("invites", again.QuerySelector("nav.subnav a[aria-current=page]")!.GetAttribute("href")!.Split('/')[^1]);
    }
}
