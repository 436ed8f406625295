using System.Net;

namespace WebChat.Tests.Admin.Announcements;

public sealed class AnnouncementPagesTests : IDisposable
{
    private readonly App app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task What_is_said_stands_on_every_page_at_once_until_each_puts_it_away_and_is_withdrawn_for_all()
    {
        using var admin = await app.SignUpAsync("admin");
        using var ben = await app.SignUpAsync("ben");
        using var cas = await app.SignUpAsync("cas");
        await using var open = await ben.ConnectAsync();
        await using var other = await cas.ConnectAsync();

        await admin.SubmitAsync("/admin/announcement", "Announce", ("Text", "Down at <b>ten</b>"));

        var frame = await open.NextAsync(f => f.StartsWith("{\"announcement\":", StringComparison.Ordinal));
        Assert.Contains("Down at ", frame, StringComparison.Ordinal);
        await other.NextAsync(f => f.StartsWith("{\"announcement\":{", StringComparison.Ordinal));
        foreach (var address in new[] { "/rooms", "/me", "/contacts" })
            Assert.Equal("Down at <b>ten</b>", Shown(await ben.GetPageAsync(address)));
        using var stranger = app.Visitor();
        Assert.DoesNotContain("Down at", (await stranger.GetPageAsync("/accounts/sign-in")).Body!.TextContent, StringComparison.Ordinal);

        Assert.Equal("/me", (await ben.SubmitAsync("/me", "Put away")).Headers.Location!.OriginalString);

        await open.NextAsync(f => f == "{\"announcement\":null}");
        Assert.Null(Shown(await ben.GetPageAsync("/rooms")));
        Assert.NotNull(Shown(await cas.GetPageAsync("/rooms")));
        await using (var again = await ben.ConnectAsync())
            await again.NextAsync(f => f == "{\"announcement\":null}");
        Assert.DoesNotContain("{\"announcement\":null}", other.All);

        await admin.SubmitAsync("/admin/announcement", "Withdraw");
        await other.NextAsync(f => f == "{\"announcement\":null}");
        Assert.Null(Shown(await cas.GetPageAsync("/rooms")));
        var token = await ben.TokenAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.PostAsync("/announcement", new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("id", "99")]))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.PostAsync("/admin/announcement", new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("Words", "theirs")]))).StatusCode);
    }

    [Fact]
    public async Task One_that_says_nothing_or_too_much_is_not_said()
    {
        using var admin = await app.SignUpAsync("admin");
        foreach (var text in new[] { " \u200B", new string('x', 301) })
            Assert.NotNull((await Person.ReadAsync(await admin.SubmitAsync("/admin/announcement", "Announce", ("Text", text)))).GetElementById("words-error"));
        Assert.Null(Shown(await admin.GetPageAsync("/rooms")));
    }

    private static string? Shown(AngleSharp.Html.Dom.IHtmlDocument page) => page.QuerySelector("#house-announcement > .bulletin:not([hidden]) > p")?.TextContent;
}
