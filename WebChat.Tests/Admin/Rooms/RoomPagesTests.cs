using System.Net;
using AngleSharp.Dom;
using Microsoft.Extensions.DependencyInjection;
using WebChat.Tests.Accounts;
using WebChat.Tests.Media;

namespace WebChat.Tests.Admin.Rooms;

public sealed class RoomPagesTests : IDisposable
{
    private readonly ShiftedClock clock = new();
    private readonly App app;

    public RoomPagesTests() => app = new App(services => services.AddSingleton<TimeProvider>(clock));

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task An_administrator_reads_in_a_room_after_saying_why_and_what_they_remove_goes_from_open_pages()
    {
        using var admin = await app.SignUpAsync("admin");
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        var seq = await ann.SayAsync(room, "first words");
        await ann.ActAsync(room, seq, "edit", ("content", "second <b> words"));
        await ann.PostFileAsync(room, Sample.Png, "boat.png");
        await using var open = await LiveSocket.ConnectAsync(app.Address, ben.Cookies);
        await open.OpenAsync(room);

        var asked = await admin.GetPageAsync($"/admin/rooms/{room}/messages?around={seq}");
        Assert.DoesNotContain("second", asked.QuerySelector("main")!.InnerHtml, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.SubmitAsync(asked, "Read messages", ("Reason", " "))).StatusCode);
        Assert.DoesNotContain("second", (await admin.GetPageAsync($"/admin/rooms/{room}/messages")).QuerySelector("main")!.InnerHtml, StringComparison.Ordinal);
        foreach (var behind in new[] { $"/{seq}", $"/{seq}/remove" })
            Assert.Equal($"/admin/rooms/{room}/messages?around={seq}", (await admin.Http.GetAsync($"/admin/rooms/{room}/messages{behind}")).Headers.Location!.OriginalString);

        var shown = await admin.FollowAsync(await admin.SubmitAsync(asked, "Read messages", ("Reason", "a complaint")));
        var article = shown.GetElementById($"m-{room}-{seq}")!;
        Assert.Equal("second <b> words", article.QuerySelector(".bubble")!.TextContent.Trim());
        Assert.Empty(shown.QuerySelectorAll("main article details, main article button"));
        var picture = shown.QuerySelector("main article img[src^='/media/']")!.GetAttribute("src")!;
        Assert.Equal(HttpStatusCode.OK, (await admin.Http.GetAsync(picture)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.Http.GetAsync($"/rooms/{room}")).StatusCode); // the room itself is theirs no more than before
        Assert.Contains("first words", (await admin.GetPageAsync($"/admin/rooms/{room}/messages/{seq}")).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        var log = (await admin.GetPageAsync("/admin/audit")).QuerySelectorAll("tbody tr").Select(r => r.Children[2].TextContent).ToList();
        Assert.Contains("a complaint", Assert.Single(log), StringComparison.Ordinal);

        await admin.SubmitAsync($"/admin/rooms/{room}/messages/{seq}/remove", "Recall message");
        var gone = await open.NextMessageAsync("Message recalled by an administrator");
        Assert.DoesNotContain("second <", gone, StringComparison.Ordinal);
        Assert.Contains("Message recalled by an administrator", (await ann.GetPageAsync($"/rooms/{room}")).GetElementById($"m-{room}-{seq}")!.TextContent, StringComparison.Ordinal);

        clock.Pass(TimeSpan.FromMinutes(16));
        await admin.SubmitAsync("/admin/confirm", "Continue", ("Password", App.Password));
        Assert.NotNull((await admin.GetPageAsync($"/admin/rooms/{room}/messages")).QuerySelector("input[name=Reason]"));
        Assert.Equal(HttpStatusCode.NotFound, (await admin.Http.GetAsync(picture)).StatusCode);
    }

    [Fact]
    public async Task A_group_that_an_administrator_dissolves_is_gone_for_those_who_had_it_open()
    {
        using var admin = await app.SignUpAsync("admin");
        using var ann = await app.SignUpAsync("ann");
        var room = await ann.NewGroupAsync("=Walkers, and more");
        await using var open = await LiveSocket.ConnectAsync(app.Address, ann.Cookies);
        await open.OpenAsync(room);

        var listed = await admin.GetPageAsync("/admin/rooms?q=walk");
        var csv = await admin.Http.GetStringAsync("/admin/rooms.csv");
        var asked = await admin.FollowAsync(await admin.SubmitAsync($"/admin/rooms/{room}", "Dissolve"));
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync($"/rooms/{room}")).StatusCode); // a question is no act
        await admin.SubmitAsync(asked, "Dissolve");

        Assert.Equal([$"/admin/rooms/{room}"], listed.QuerySelectorAll("tbody th a").Select(a => a.GetAttribute("href")));
        Assert.Contains($"{room},\"'=Walkers, and more\",group,ann,1,", csv, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync($"/rooms/{room}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.Http.GetAsync($"/admin/rooms/{room}")).StatusCode);
        await open.NextAsync(frame => frame.Contains("unknown-room", StringComparison.Ordinal));
    }
}
