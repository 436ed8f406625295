using System.Net;
using WebChat.Media;
using WebChat.Storage;

namespace WebChat.Tests.Messages.Retention;

public sealed class AgeSweepTests : IDisposable
{
    private readonly App app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task What_is_older_than_it_may_be_kept_goes_soon_after_that_is_said_and_history_begins_later()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        for (var i = 0; i < 60; i++)
            await ann.SayAsync(room, $"long ago {i}");
        await ann.PostFileAsync(room, Media.Sample.Png, "a.png");
        var picture = (await ben.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("[role=log] img").Last().GetAttribute("src")!;
        Assert.Equal(HttpStatusCode.OK, (await ben.Http.GetAsync(picture)).StatusCode);
        await app.Get<Database>().ExecuteAsync("UPDATE messages SET created_at = created_at - 259200000 WHERE room = @room", new { room });
        var first = await ann.SayAsync(room, "today");
        await using var reading = await ben.ConnectAsync();
        await using var elsewhere = await ann.ConnectAsync();
        await using var program = await ben.RunProgramAsync();
        await reading.OpenAsync(room);
        await program.SayAsync(new { room = $"{room}" });
        await program.NextMessageAsync("open");

        var asked = await Person.ReadAsync(await ann.SubmitAsync("/admin/settings", "Save", ("Days that messages are kept", "2")));
        Assert.Contains("will be deleted for good", asked.GetElementById("values-keepdays-error")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull((await ben.GetPageAsync($"/rooms/{room}")).QuerySelector($"#m-{room}-{first - 1}")); // nothing is, by a slip
        ((AngleSharp.Html.Dom.IHtmlInputElement)asked.QuerySelector("[name=Deletes]")!).IsChecked = true;
        await ann.SubmitAsync(asked, "Save");

        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await ben.GetPageAsync($"/rooms/{room}")).QuerySelector($"#m-{room}-{first - 1}") is not null)
            await Task.Delay(50, soon.Token);
        var page = await ben.GetPageAsync($"/rooms/{room}");
        Assert.Equal("today", Assert.Single(page.QuerySelectorAll("[role=log] article")).QuerySelector(".bubble")!.TextContent.Trim());
        Assert.Null(page.QuerySelector(".older"));
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync(picture)).StatusCode);
        var begins = $$$"""{"begins":{"room":"{{{room}}}","seq":{{{first}}}}}""";
        await reading.NextAsync(f => f == begins); // what is open is told, and only where it is that room
        await using var open = await ben.ConnectAsync();
        await open.OpenAsync(room);
        Assert.Equal([first], open.Seqs(room));
        Assert.Contains(begins, open.All); // a page that slept meanwhile missed no change, and yet what it shows is gone
        Assert.Equal(first + 1, await ben.SayAsync(room, "and on"));
        await open.NextMessageAsync(room, first + 1);
        await program.NextMessageAsync("and on");
        await elsewhere.RoundTripAsync();
        Assert.DoesNotContain(program.All.Concat(elsewhere.All), f => f.Contains("begins", StringComparison.Ordinal));
        Assert.Empty(await app.Get<MediaStore>().KnownAsync([picture.Split('/')[2]])); // the file is nobody's, and swept as such
    }
}
