using System.Net;
using AngleSharp.Html.Dom;

namespace WebChat.Tests.Admin.Settings;

public sealed class SettingsPagesTests : IDisposable
{
    private readonly App app = new(("WebChat:Limits:PostsPerMinute", ""), ("WebChat:Limits:GroupsPerUser", ""));

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task What_is_saved_holds_for_the_next_post_and_stands_in_the_log()
    {
        using var admin = await app.SignUpAsync("admin");
        var group = await admin.NewGroupAsync("Walkers");
        await admin.SayAsync(group, "one");

        var saved = await admin.FollowAsync(await admin.SubmitAsync("/admin/settings", "Save", ("Messages a minute", "1")));

        Assert.Equal("1", Field(saved, "Messages a minute").Value);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await admin.PostMessageAsync(group, "two")).StatusCode);
        var log = (await admin.GetPageAsync("/admin/audit?act=settings.change")).QuerySelector("tbody tr")!.Children[2].TextContent;
        Assert.Matches(@"Changed a setting\s+Messages a minute: 120 → 1", log);
        await admin.SubmitAsync("/admin/settings", "Save", ("Messages a minute", "0"));
        await admin.SayAsync(group, "two");
    }

    [Fact]
    public async Task What_the_environment_says_is_shown_and_not_changed_by_any_form()
    {
        using var admin = await app.SignUpAsync("admin");
        var page = await admin.GetPageAsync("/admin/settings");
        var field = Field(page, "Messages a second");
        Assert.True(field.IsDisabled);
        Assert.Equal("0", field.Value);
        Assert.Equal("Set by the environment, WebChat__Limits__PostsPerSecond: it cannot be changed here.", page.GetElementById(field.GetAttribute("aria-describedby")!)!.TextContent);
        Assert.False(Field(page, "Messages a minute").IsDisabled);

        var token = await admin.TokenAsync("/admin/settings");
        await admin.Http.PostAsync("/admin/settings", new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("SiteName", "Harbour House"), new("SiteNameWas", "Harbour House"), new("Values[PostsPerSecond]", "7"), new("Was[PostsPerSecond]", "0")]));

        Assert.Equal("0", Field(await admin.GetPageAsync("/admin/settings"), "Messages a second").Value);
        Assert.Empty((await admin.GetPageAsync("/admin/audit")).QuerySelectorAll("tbody tr"));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    [InlineData("")]
    public async Task What_is_no_number_is_said_beside_its_field_and_nothing_else_is_saved(string typed)
    {
        using var admin = await app.SignUpAsync("admin");

        var page = await Person.ReadAsync(await admin.SubmitAsync("/admin/settings", "Save", ("Messages a minute", typed), ("Groups of one's own", "9")));

        Assert.Equal("A number from 0 to 1,000,000.", page.GetElementById("values-postsperminute-error")!.TextContent);
        Assert.Equal((typed, "9"), (Field(page, "Messages a minute").Value, Field(page, "Groups of one's own").Value));
        Assert.Equal("5", Field(await admin.GetPageAsync("/admin/settings"), "Groups of one's own").Value);
        await admin.SubmitAsync(page, "Save", ("Messages a minute", "30"));
        Assert.Equal("9", Field(await admin.GetPageAsync("/admin/settings"), "Groups of one's own").Value);
    }

    [Fact]
    public async Task Two_administrators_with_the_same_page_undo_nothing_and_are_told_of_each_other()
    {
        using var admin = await app.SignUpAsync("admin");
        var (one, other) = (await admin.GetPageAsync("/admin/settings"), await admin.GetPageAsync("/admin/settings"));

        await admin.SubmitAsync(one, "Save", ("Messages a minute", "60"), ("Name of this chat", "Boat House"));
        await admin.SubmitAsync(other, "Save", ("Groups of one's own", "9"));
        var late = await Person.ReadAsync(await admin.SubmitAsync(other, "Save", ("Messages a minute", "70")));

        Assert.Contains("Somebody has made this “60” meanwhile.", late.GetElementById("values-postsperminute-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("70", Field(late, "Messages a minute").Value);
        var now = await admin.GetPageAsync("/admin/settings");
        Assert.Equal(("60", "9", "Boat House"), (Field(now, "Messages a minute").Value, Field(now, "Groups of one's own").Value, Field(now, "Name of this chat").Value));
        await admin.SubmitAsync(late, "Save");
        Assert.Equal("70", Field(await admin.GetPageAsync("/admin/settings"), "Messages a minute").Value);
    }

    [Fact]
    public async Task The_name_and_the_mark_are_seen_by_whoever_comes_to_the_door()
    {
        using var admin = await app.SignUpAsync("admin");
        using var visitor = app.Visitor();
        var token = await admin.TokenAsync("/admin/settings");
        using var form = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" }, { new StringContent("Boat House"), "SiteName" }, { new StringContent("Harbour House"), "SiteNameWas" }, { new ByteArrayContent(Media.Sample.Png), "Logo", "logo.png" } };
        Assert.Equal(HttpStatusCode.Redirect, (await admin.Http.PostAsync("/admin/settings", form)).StatusCode);

        var door = await visitor.GetPageAsync("/accounts/sign-in");

        Assert.Contains("Boat House", door.Title, StringComparison.Ordinal);
        var mark = door.QuerySelector(".brand img.logo")!.GetAttribute("src")!;
        var picture = await visitor.Http.GetAsync(mark);
        Assert.Equal("image/png", picture.Content.Headers.ContentType!.MediaType);
        Assert.Equal(mark, (await admin.GetPageAsync("/rooms")).QuerySelector(".rail img.logo")!.GetAttribute("src"));
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Http.GetAsync("/logo/other")).StatusCode);
        await admin.Http.PostAsync("/admin/settings", new FormUrlEncodedContent(
            [new("__RequestVerificationToken", token), new("SiteName", "Boat House"), new("SiteNameWas", "Boat House"), new("NoLogo", "true"), new("LogoWas", mark.Split('/')[^1])]));
        Assert.Null((await visitor.GetPageAsync("/accounts/sign-in")).QuerySelector("img.logo"));
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Http.GetAsync(mark)).StatusCode);
    }

    [Fact]
    public async Task A_row_that_somebody_wrote_by_hand_and_wrong_says_nothing()
    {
        using var admin = await app.SignUpAsync("admin");
        await app.Get<WebChat.Storage.Database>().ExecuteAsync("INSERT INTO settings (name, value) VALUES ('Limits:PostsPerMinute', 'lots'), ('House:Registration', '7'), ('House:KeepDays', '-1')", new { });

        await app.Get<WebChat.Admin.Settings.SettingsWatch>().ChangedAsync();

        Assert.Equal("120", Field(await admin.GetPageAsync("/admin/settings"), "Messages a minute").Value);
    }

    private static IHtmlInputElement Field(IHtmlDocument page, string label) =>
        (IHtmlInputElement)page.GetElementById(page.QuerySelectorAll("label").Single(l => l.TextContent == label).GetAttribute("for")!)!;
}
