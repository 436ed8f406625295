using System.Net;
using AngleSharp.Html.Dom;

namespace WebChat.Tests.Rooms;

/// <summary>Of which messages of a room somebody is notified: the page where it is chosen, and what their own open pages hear of it.</summary>
public sealed class LevelPagesTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task It_is_chosen_on_a_page_and_shown_in_the_list_without_scripts()
    {
        var (ann, ben, room) = await app.FriendsAsync("level-a", "level-b");
        await ben.GetPageAsync($"/rooms/{room}");
        await ann.SayAsync(room, "anybody there?");
        Assert.Equal("badge calls", (await ben.GetPageAsync("/rooms")).QuerySelector($"li[data-room='{room}'] .badge")!.ClassName);
        var page = await ben.GetPageAsync($"/rooms/{room}/notifications");
        Assert.Equal(["All messages", "Mentions only", "Nothing"], page.QuerySelectorAll("main label").Select(l => l.TextContent));
        Assert.Equal("All", Chosen(page));

        var answer = await ben.SubmitAsync(page, "Save", ("Nothing", "Nothing"));

        Assert.Equal($"/rooms/{room}", answer.Headers.Location!.OriginalString);
        Assert.Equal("Nothing", Chosen(await ben.GetPageAsync($"/rooms/{room}/notifications")));
        Assert.Equal("All", Chosen(await ann.GetPageAsync($"/rooms/{room}/notifications")));
        var list = await ben.GetPageAsync("/rooms");
        Assert.Equal("badge hushed", list.QuerySelector($"li[data-room='{room}'] .badge")!.ClassName);
        Assert.Equal(", silent", list.QuerySelector($"li[data-room='{room}'] .hush .unseen")!.TextContent);
        Assert.Null(list.QuerySelector("#rail-unread .badge"));
        Assert.Null((await ann.GetPageAsync("/rooms")).QuerySelector($"li[data-room='{room}'] .hush"));
    }

    [Fact]
    public async Task Ones_own_open_pages_hear_of_it_and_nobody_elses()
    {
        var (ann, ben, room) = await app.FriendsAsync("level-c", "level-d");
        await using var mine = await LiveSocket.ConnectAsync(app.Address, ben.Cookies);
        await using var hers = await LiveSocket.ConnectAsync(app.Address, ann.Cookies);
        await mine.OpenAsync(room);
        await hers.OpenAsync(room);

        await ben.SubmitAsync($"/rooms/{room}/notifications", "Save", ("Mentions only", "Mentions"));
        await mine.NextAsync(f => f == """{"changed":"rooms"}""");
        await ben.SayAsync(room, "a word after it");

        await hers.NextMessageAsync(room, 2);
        Assert.DoesNotContain("""{"changed":"rooms"}""", hers.All);
    }

    [Fact]
    public async Task Outsiders_and_nonsense_change_nothing()
    {
        using var ann = await app.SignUpAsync("level-e");
        using var outsider = await app.SignUpAsync("level-f");
        var room = await ann.NewGroupAsync("Quiet ones");
        var token = await outsider.TokenAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await outsider.Http.GetAsync($"/rooms/{room}/notifications")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(outsider, room, "Nothing", token)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(ann, room, "Nothing", token)).StatusCode); // another's token
        token = await ann.TokenAsync();
        foreach (var wrong in new[] { "7", "Loud", "" })
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(ann, room, wrong, token)).StatusCode);

        Assert.Equal("All", Chosen(await ann.GetPageAsync($"/rooms/{room}/notifications")));
        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync(ann, room, "Nothing", token)).StatusCode);
    }

    private static string? Chosen(AngleSharp.Dom.IDocument page) => page.QuerySelectorAll("input[name=Level]").OfType<IHtmlInputElement>().Single(i => i.IsChecked).Value;

    private static Task<HttpResponseMessage> PostAsync(Person person, long room, string level, string token) =>
        person.Http.PostAsync($"/rooms/{room}/notifications", new FormUrlEncodedContent([new("Level", level), new("__RequestVerificationToken", token)]));
}
