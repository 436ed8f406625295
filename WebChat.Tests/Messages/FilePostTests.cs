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
        var before = await KeptAsync(app);
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
        Assert.Equal(before, await KeptAsync(app));
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

    [Theory]
    [InlineData("WebChat:Limits:QuotaBytes", "3000")]
    [InlineData("WebChat:Limits:UploadsPerHour", "1")]
    public async Task What_is_stored_is_known_again_though_ones_share_is_used_up(string limit, string most)
    {
        using var own = new App((limit, most));
        var (ann, ben, room) = await own.FriendsAsync("ann", "ben");

        var seq = await AssertPostedAsync(await ann.PostFileAsync(room, new byte[2000], "walk.bin", "our walk", "once"));
        Assert.Equal(seq, await AssertPostedAsync(await ann.PostFileAsync(room, new byte[2000], "walk.bin", "our walk", "once")));

        Assert.Single((await ben.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article .carried"));
        Assert.Equal(1, await KeptAsync(own));
        Assert.Contains((await ann.PostFileAsync(room, new byte[2000], "walk.bin", "our walk", "twice")).StatusCode, new[] { HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.TooManyRequests });
    }

    [Fact]
    public async Task A_file_sent_many_times_at_once_is_one_message_and_one_file()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann7", "ben7");
        var before = await KeptAsync(app);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ann.PostFileAsync(room, Sample.Png, "bay.png", "the bay", "at-once")));

        var seqs = await Task.WhenAll(answers.Select(AssertPostedAsync));
        Assert.Single(seqs.Distinct());
        Assert.Single((await ben.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article figure.photo"));
        Assert.Equal(before + 1, await KeptAsync(app));
    }

    [Fact]
    public async Task The_same_id_with_another_file_caption_or_room_is_refused_and_nothing_of_it_is_kept()
    {
        var (ann, _, room) = await app.FriendsAsync("ann8", "ben8");
        var group = await ann.NewGroupAsync("Walkers");
        await AssertPostedAsync(await ann.PostFileAsync(room, Sample.Png, "bay.png", "the bay", "mine-8"));
        await ann.PostMessageAsync(room, "words", "words-8");
        var before = await KeptAsync(app);

        foreach (var (where, file, caption, id) in new (long, byte[], string, string)[]
        {
            (room, Sample.Jpeg, "the bay", "mine-8"), (room, Sample.Png, "the shore", "mine-8"), (group, Sample.Png, "the bay", "mine-8"), (room, Sample.Png, "words", "words-8"),
        })
        {
            await AssertRefusedAsync(await ann.PostFileAsync(where, file, "bay.png", caption, id), HttpStatusCode.Conflict);
        }
        Assert.Equal(HttpStatusCode.Conflict, (await ann.PostMessageAsync(room, "the bay", "mine-8")).StatusCode);
        await AssertRefusedAsync(await ann.PostFileAsync(room, Sample.Png, "bay.png", "", "no id/" + new string('x', 60)), HttpStatusCode.BadRequest);
        Assert.Equal(before, await KeptAsync(app));
    }

    [Fact]
    public async Task A_picture_that_may_tell_its_place_is_refused_with_what_to_do()
    {
        var (ann, _, room) = await app.FriendsAsync("ann9", "ben9");
        var before = await KeptAsync(app);

        foreach (var (file, name) in new (byte[], string)[] { ([0, 0, 0, 24, .. "ftypheic\0\0\0\0mif1heic GPS 54.32 N"u8], "shore.jpg"), ([.. "II*\0\u0008\0\0\0 GPS"u8], "raw") })
        {
            var answer = await ann.PostFileAsync(room, file, name);
            await AssertRefusedAsync(answer, HttpStatusCode.UnsupportedMediaType);
            Assert.Contains("Send a picture as JPEG", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(before, await KeptAsync(app));
    }

    [Fact]
    public async Task Several_files_of_one_form_are_a_message_each_and_all_are_answered()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann10", "ben10");

        var answer = await SendAsync(ann, room, new string('i', 64), "the bay", isHtmx: true, (Sample.Png, "a.png"), (Sample.Jpeg, "b.jpg"), ([.. "words"u8], "c.txt"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var articles = (await Person.ReadAsync(answer)).QuerySelectorAll("article");
        Assert.Equal(["the bay", "", ""], articles.Select(a => a.QuerySelector("figcaption")?.TextContent ?? ""));
        Assert.Equal(articles.Select(a => a.Id), (await ben.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article:has(.photo, .carried)").Select(a => a.Id));
    }

    [Fact]
    public async Task Where_one_of_several_files_is_refused_those_before_it_are_not_doubled_when_the_form_is_sent_again()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann11", "ben11");
        var first = await SendAsync(ann, room, "form-11", "the bay", isHtmx: false, (Sample.Png, "a.png"), (Sample.Jpeg, "b.jpg"), ([.. "<svg/>"u8], "c.svg"), (Sample.Gif, "d.gif"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, first.StatusCode);
        var page = await Person.ReadAsync(first);
        Assert.Equal(("form-11", "the bay"), (page.QuerySelector("#composer input[name=client_id]")!.GetAttribute("value"), page.QuerySelector("#composer textarea")!.TextContent));

        Assert.Equal(HttpStatusCode.Redirect, (await SendAsync(ann, room, "form-11", "the bay", isHtmx: false, (Sample.Png, "a.png"), (Sample.Jpeg, "b.jpg"), (Sample.Gif, "d.gif"))).StatusCode);

        Assert.Equal(["Picture: a.png", "Picture: b.jpg", "Picture: d.gif"], (await ben.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article figure img").Select(i => i.GetAttribute("alt")));
        var taken = await Person.ReadAsync(await SendAsync(ann, room, "form-11", "the shore", isHtmx: false, (Sample.Png, "a.png"), (Sample.Jpeg, "b.jpg")));
        Assert.NotEqual("form-11", taken.QuerySelector("#composer input[name=client_id]")!.GetAttribute("value")); // other words can only be another message
    }

    [Fact]
    public async Task The_picture_of_a_news_card_goes_where_the_card_is_not_posted_and_is_known_again()
    {
        using var own = new App(("WebChat:Limits:QuotaBytes", "5000"), ("WebChat:Limits:UploadsPerHour", "3"));
        var (ann, ben, room) = await own.FriendsAsync("ann", "ben");

        Assert.Equal(HttpStatusCode.OK, (await SendNewsAsync(Sample.Png, "news-1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendNewsAsync(Sample.Png, "news-1")).StatusCode);
        Assert.Equal(1, await KeptAsync(own));
        Assert.Equal(HttpStatusCode.Conflict, (await SendNewsAsync(Sample.Jpeg, "news-1")).StatusCode);
        await AssertSaidAsync(await SendNewsAsync([.. "words"u8], "news-2"), HttpStatusCode.BadRequest, "This is not a picture.");
        Assert.Equal(1, await KeptAsync(own));
        await AssertSaidAsync(await SendNewsAsync(new byte[5000], "news-3"), HttpStatusCode.RequestEntityTooLarge, "Your files take");
        var tooMany = await SendNewsAsync(Sample.Png, "news-4");
        Assert.NotNull(tooMany.Headers.RetryAfter);
        await AssertSaidAsync(tooMany, HttpStatusCode.TooManyRequests, "Too many files.");
        Assert.Single((await ben.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article a.carried.link img"));

        async Task<HttpResponseMessage> SendNewsAsync(byte[] picture, string clientId)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/rooms/{room}/news")
            {
                Content = new MultipartFormDataContent
                {
                    { new StringContent("Low tide"), "Title" }, { new StringContent("https://harbour.example/"), "Address" }, { new StringContent(clientId), "client_id" }, { new ByteArrayContent(picture), "Picture", "p" },
                },
            };
            request.Headers.Add("HX-Request", "true");
            request.Headers.Add("RequestVerificationToken", await ann.TokenAsync());
            return await ann.Http.SendAsync(request);
        }

        static async Task AssertSaidAsync(HttpResponseMessage answer, HttpStatusCode status, string sentence)
        {
            Assert.Equal(status, answer.StatusCode);
            Assert.StartsWith(sentence, (await Person.ReadAsync(answer)).QuerySelector("#picture-error")!.TextContent.Trim(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("https://\u0430pple.example/", "xn--pple-43d.example")]
    [InlineData("https://www.harbour.example/tide", "harbour.example")]
    public async Task A_news_card_names_its_site_as_machines_do(string address, string site)
    {
        using var ann = await app.SignUpAsync("ann" + Guid.NewGuid().ToString("N")[..8]);
        var room = await ann.NewGroupAsync("Walkers");

        Assert.Equal(HttpStatusCode.Redirect, (await ann.SubmitAsync($"/rooms/{room}/news", "Send", ("Title", "Low tide"), ("Address", address))).StatusCode);

        Assert.Equal(site, (await ann.GetPageAsync($"/rooms/{room}")).QuerySelector("article a.carried.link .kind")!.TextContent);
    }

    private static async Task<int> KeptAsync(App app) => await app.Get<IMediaFiles>().ListAsync(CancellationToken.None).CountAsync();

    /// <summary>The form as a browser without scripts sends it, or htmx.</summary>
    private static async Task<HttpResponseMessage> SendAsync(Person person, long room, string clientId, string caption, bool isHtmx, params (byte[] File, string Name)[] files)
    {
        using var form = new MultipartFormDataContent { { new StringContent(caption), "content" }, { new StringContent(clientId), "client_id" }, { new StringContent(await person.TokenAsync()), "__RequestVerificationToken" } };
        foreach (var (file, name) in files)
            form.Add(new ByteArrayContent(file), "file", name);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/rooms/{room}/messages") { Content = form };
        if (isHtmx)
            request.Headers.Add("HX-Request", "true");
        return await person.Http.SendAsync(request);
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
