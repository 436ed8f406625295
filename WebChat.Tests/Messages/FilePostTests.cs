using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using WebChat.Media;
using WebChat.Tests.Media;

namespace WebChat.Tests.Messages;

/// <summary>Files posted by the page's form, and their captions.</summary>
public sealed class FilePostTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task What_pretends_is_refused_with_a_sentence_and_neither_posted_nor_kept()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann1", "ben1");
        var before = await KeptAsync();
        foreach (var (file, name) in new (byte[], string)[]
        {
            ([.. "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8], "drawing.svg"),
            ([.. "<html><script>alert(1)</script>"u8], "face.png"),
            ([.. Sample.Gif, .. "<script>alert(1)</script>"u8], "moves.gif"),
            (Sample.PngOf(30_000, 30_000), "giant.png"),
        })
        {
            await AssertRefusedAsync(await ann.PostFileAsync(room, file, name), HttpStatusCode.UnsupportedMediaType);
        }
        await AssertRefusedAsync(await ann.PostFileAsync(room, Sample.Png, "a.png", caption: new string('a', 4001)), HttpStatusCode.BadRequest);

        Assert.Empty((await ben.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article .photo, article .carried"));
        Assert.Equal(before, await KeptAsync());

        async Task<int> KeptAsync() => await app.Get<IMediaFiles>().ListAsync(CancellationToken.None).CountAsync();
    }

    [Fact]
    public async Task Too_big_too_many_and_more_than_ones_share_are_refused_and_the_other_goes_on()
    {
        using var own = new App(("WebChat:Limits:UploadBytes", "3000"), ("WebChat:Limits:QuotaBytes", "5000"), ("WebChat:Limits:UploadsPerHour", "3"));
        var (ann, ben, room) = await own.FriendsAsync("ann", "ben");

        await AssertRefusedAsync(await ann.PostFileAsync(room, new byte[3001], "long.bin"), HttpStatusCode.RequestEntityTooLarge);
        await AssertPostedAsync(await ann.PostFileAsync(room, new byte[3000], "first.bin"));
        await AssertRefusedAsync(await ann.PostFileAsync(room, new byte[2001], "second.bin"), HttpStatusCode.RequestEntityTooLarge);
        await AssertPostedAsync(await ann.PostFileAsync(room, new byte[1], "third.bin"));
        var tooMany = await ann.PostFileAsync(room, new byte[1], "fourth.bin");
        Assert.InRange(tooMany.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3600);
        await AssertRefusedAsync(tooMany, HttpStatusCode.TooManyRequests);
        await AssertPostedAsync(await ben.PostFileAsync(room, new byte[3000], "his.bin"));
    }

    [Fact]
    public async Task An_outsiders_file_is_refused_as_one_for_a_room_that_is_not_there()
    {
        var (_, _, room) = await app.FriendsAsync("ann2", "ben2");
        using var outsider = await app.SignUpAsync("cas2");

        var (foreign, unknown) = (await outsider.PostFileAsync(room, Sample.Png, "a.png"), await outsider.PostFileAsync(999_999_998, Sample.Png, "a.png"));

        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal((foreign.StatusCode, await foreign.Content.ReadAsStringAsync()), (unknown.StatusCode, await unknown.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Of_its_name_the_last_part_is_kept_without_what_cannot_be_seen()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann3", "ben3");
        await AssertPostedAsync(await ann.PostFileAsync(room, [.. "words"u8], "..\\..\\etc/pass\u202Ewd.txt"));

        var link = (await ben.GetPageAsync($"/rooms/{room}")).QuerySelector("article a.carried")!;

        Assert.Equal("passwd.txt", link.QuerySelector(".title")!.TextContent);
        var answer = await ben.Http.GetAsync(link.GetAttribute("href"));
        Assert.Equal(("attachment", "passwd.txt"), (answer.Content.Headers.ContentDisposition!.DispositionType, answer.Content.Headers.ContentDisposition.FileNameStar ?? answer.Content.Headers.ContentDisposition.FileName));
    }

    [Fact]
    public async Task Where_a_picture_was_taken_is_told_to_nobody()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann4", "ben4");
        await AssertPostedAsync(await ann.PostFileAsync(room, Sample.JpegWith(0xE1, [.. "Exif\0\0GPS 54.32 N 10.12 E"u8]), "shore.jpg"));

        var picture = (await ben.GetPageAsync($"/rooms/{room}")).QuerySelector("article figure.photo a")!.GetAttribute("href");

        Assert.Equal(Sample.Jpeg, await ben.Http.GetByteArrayAsync(picture));
    }

    [Fact]
    public async Task A_caption_is_written_anew_or_left_out_and_the_file_stays()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann5", "ben5");
        var seq = await AssertPostedAsync(await ann.PostFileAsync(room, Sample.Png, "bay.png", "The bya"));
        Assert.Equal(HttpStatusCode.Forbidden, (await ben.ActAsync(room, seq, "edit", ("content", "The shore"))).StatusCode);

        foreach (var caption in new[] { "The bay", "" })
        {
            Assert.Equal(HttpStatusCode.OK, (await ann.ActAsync(room, seq, "edit", ("content", caption))).StatusCode);
            var article = (await ben.GetPageAsync($"/rooms/{room}")).QuerySelector($"#m-{room}-{seq}")!;
            Assert.Equal(caption, article.QuerySelector("figcaption")?.TextContent ?? "");
            Assert.NotNull(article.QuerySelector(".edited"));
            Assert.Equal(HttpStatusCode.OK, (await ben.Http.GetAsync(article.QuerySelector("figure a")!.GetAttribute("href"))).StatusCode);
        }
        var text = await ann.SayAsync(room, "words alone");
        await AssertRefusedAsync(await ann.ActAsync(room, text, "edit", ("content", "")), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_caption_names_members_as_a_text_does_and_one_written_anew_names_others()
    {
        var (ann, ben, _) = await app.FriendsAsync("ann6", "ben6");
        using var cas = await app.SignUpAsync("cas6");
        var room = await ann.NewGroupAsync("Painters");
        foreach (var other in new[] { ben, cas })
            await other.SubmitAsync($"/rooms/find?q={room}", "Join");

        var seq = await AssertPostedAsync(await ann.PostFileAsync(room, Sample.Png, "bay.png", "by @ben6 and @nobody6"));

        Assert.Equal(["/people/ben6"], await NamedAsync());
        Assert.StartsWith("@you", await LastAsync(ben), StringComparison.Ordinal);
        Assert.DoesNotContain("@you", await LastAsync(cas), StringComparison.Ordinal);

        await ann.ActAsync(room, seq, "edit", ("content", "by @cas6"));
        Assert.Equal(["/people/cas6"], await NamedAsync());

        async Task<IEnumerable<string?>> NamedAsync() =>
            (await cas.GetPageAsync($"/rooms/{room}")).QuerySelectorAll($"#m-{room}-{seq} a.mention").Select(a => a.GetAttribute("href"));

        async Task<string> LastAsync(Person person) => (await person.GetPageAsync("/rooms")).QuerySelector($"li[data-room='{room}'] .last")!.TextContent.Trim();
    }

    private static async Task<long> AssertPostedAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("seq").GetInt64();
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.Equal(status, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.NotEmpty(json.RootElement.GetProperty("error").GetString()!);
    }
}
