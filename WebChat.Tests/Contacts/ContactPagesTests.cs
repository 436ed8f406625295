using System.Net;

namespace WebChat.Tests.Contacts;

public sealed class ContactPagesTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task One_who_asks_too_often_is_asked_to_wait()
    {
        using var strict = new App(("WebChat:Limits:RequestsPerMinute", "1"));
        using var ann = await strict.SignUpAsync("ann");
        using var ben = await strict.SignUpAsync("ben");
        using var cas = await strict.SignUpAsync("cas");
        await ann.SubmitAsync("/people/ben/request", "Send request", ("Message", "It is me"));

        var answer = await ann.SubmitAsync("/people/cas/request", "Send request", ("Message", "It is me"));

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.DoesNotContain("It is me", (await cas.GetPageAsync("/contacts")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("It is me", (await ben.GetPageAsync("/contacts")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_people_find_ask_and_accept_each_other()
    {
        using var ann = await app.SignUpAsync("finder");
        using var ben = await app.SignUpAsync("found-one");
        var found = await ann.GetPageAsync("/contacts/find?q=FOUND-");
        Assert.NotNull(found.QuerySelector("main a[href='/people/found-one']"));

        await ann.SubmitAsync("/people/found-one/request", "Send request", ("Message", "From the lobby"));
        Assert.Single((await ann.GetPageAsync("/people/found-one")).Body!.TextContent.Split("Request sent")[1..]);
        var requests = (await ben.GetPageAsync("/contacts")).QuerySelector("ul[aria-labelledby=requests]")!;
        Assert.Contains("From the lobby", requests.TextContent, StringComparison.Ordinal);
        Assert.Equal("1 request", (await ben.GetPageAsync("/rooms")).QuerySelector("#rail-requests .badge")!.TextContent);

        var accepted = await ben.SubmitAsync("/contacts", "Accept");

        Assert.Equal("/contacts", accepted.Headers.Location!.OriginalString);
        Assert.Contains("found-one", (await ann.GetPageAsync("/contacts")).QuerySelector("ul[aria-labelledby=friends]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await ann.Http.GetAsync("/people/found-one/room")).StatusCode);
        var again = await ann.SubmitAsync("/people/found-one/request", "Send request", ("Message", ""));
        Assert.Contains("is already a friend", (await Person.ReadAsync(again)).QuerySelector("#message-error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_a_friend_is_asked_first_and_ends_the_room_for_both()
    {
        var (ann, ben, room) = await app.FriendsAsync("parting-a", "parting-b");
        var confirm = await Person.ReadAsync(await ann.SubmitAsync("/people/parting-b", "Delete friend"));
        Assert.Contains(confirm.QuerySelectorAll("main a.button"), a => a.TextContent == "Cancel");
        Assert.Equal(HttpStatusCode.OK, (await ben.Http.GetAsync($"/rooms/{room}")).StatusCode);

        await ann.SubmitAsync(confirm, "Delete friend");

        foreach (var person in new[] { ann, ben })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await person.Http.GetAsync($"/rooms/{room}")).StatusCode);
            Assert.Null((await person.GetPageAsync("/rooms")).QuerySelector($"li[data-room='{room}']"));
        }
    }

    [Fact]
    public async Task A_blocked_person_sees_no_difference_anywhere()
    {
        var (ann, ben, room) = await app.FriendsAsync("blocked-a", "blocker-b");
        var before = (await ann.GetPageAsync("/people/blocker-b")).QuerySelector("main")!.TextContent;

        await ben.SubmitAsync(await Person.ReadAsync(await ben.SubmitAsync("/people/blocked-a", "Block")), "Block");

        Assert.Equal(before, (await ann.GetPageAsync("/people/blocker-b")).QuerySelector("main")!.TextContent);
        await ann.SayAsync(room, "are you there?");
        Assert.Contains("are you there?", (await ann.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("are you there?", (await ben.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("are you there?", (await ben.GetPageAsync("/rooms")).Body!.TextContent, StringComparison.Ordinal);

        Assert.Equal($"/rooms/{room}", (await ben.SubmitAsync($"/rooms/{room}", "Unblock")).Headers.Location!.OriginalString);
        Assert.Contains("are you there?", (await ben.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remark_takes_the_nicknames_place_for_its_author_and_is_text()
    {
        var (ann, ben, _) = await app.FriendsAsync("remarks-a", "remarks-b");

        await ann.SubmitAsync("/people/remarks-b", "Save", ("Remark", " <b>Uncle</b>\u202E \u0007Ben "));

        var page = await ann.GetPageAsync("/contacts");
        Assert.Contains("<b>Uncle</b> Ben", page.QuerySelector("ul[aria-labelledby=friends]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("remarks-b", (await ann.GetPageAsync("/people/remarks-b")).QuerySelector("h1")!.TextContent);
        Assert.DoesNotContain("Uncle", (await ben.GetPageAsync("/people/remarks-b")).Body!.TextContent, StringComparison.Ordinal);
        var tooLong = await ann.SubmitAsync("/people/remarks-b", "Save", ("Remark", new string('x', 41)));
        Assert.Contains("At most 40", (await Person.ReadAsync(tooLong)).QuerySelector("#remark-error")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/people/nobody")]
    [InlineData("/people/nobody/request")]
    [InlineData("/people/nobody/block")]
    [InlineData("/people/nobody/delete")]
    [InlineData("/people/nobody/room")]
    [InlineData("/people/%3Cscript%3E")]
    public async Task Unknown_people_are_404(string address)
    {
        using var ann = await app.SignUpAsync($"looker{Random.Shared.Next(1_000_000)}");
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task Nobody_signed_in_sees_nobody()
    {
        using var visitor = app.Visitor();
        foreach (var address in new[] { "/contacts", "/contacts/find?q=a", "/contacts/list", "/contacts/waiting", "/people/ann", "/online", "/rooms", "/rooms/list", "/rooms/unread", "/rooms/find?q=a" })
        {
            var answer = await visitor.Http.GetAsync(address);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            Assert.DoesNotContain("people", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }
}
