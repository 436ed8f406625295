using System.Net;
using AngleSharp.Html.Dom;
using WebChat.Tests.Media;

namespace WebChat.Tests.Messages.Stickers;

public sealed class StickerPagesTests : IDisposable
{
    private readonly App app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task An_administrator_adds_a_pack_a_member_sends_from_it_and_it_stays_when_the_pack_goes()
    {
        var (admin, ann, room) = await app.FriendsAsync("admin", "ann");
        Assert.Equal(HttpStatusCode.Redirect, (await AddAsync(admin, "Tea", "a cup\na pot <b>\na leaf", Sample.Png, Sample.Webp, Sample.Gif)).StatusCode);

        var form = await ann.GetPageAsync($"/rooms/{room}/sticker");
        Assert.Null(form.QuerySelector("a[href='/admin/stickers']"));
        Assert.Equal(["a cup", "a pot <b>", "a leaf"], form.QuerySelectorAll(".stickers button").Select(b => b.GetAttribute("aria-label")));
        Assert.Equal(HttpStatusCode.Redirect, (await ann.SubmitAsync(form, "a pot <b>")).StatusCode);
        await admin.SubmitAsync("/admin/stickers", "Remove Tea");

        var shown = (IHtmlImageElement)(await admin.GetPageAsync($"/rooms/{room}")).QuerySelector("article .bubble.bare > img.sticker")!;
        Assert.Equal("Sticker: a pot <b>", shown.AlternativeText);
        Assert.True(shown.HasAttribute("width") && shown.HasAttribute("height"));
        var picture = await ann.Http.GetAsync(shown.GetAttribute("src"));
        Assert.Equal("image/webp", picture.Content.Headers.ContentType!.MediaType);
        Assert.Contains("sandbox", picture.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.True(picture.Headers.CacheControl is { Private: true, MaxAge.TotalDays: > 300 });
        Assert.Contains("Sticker: a pot", (await admin.GetPageAsync("/rooms")).QuerySelector($"li[data-room='{room}'] .last")!.TextContent, StringComparison.Ordinal);
        Assert.Empty((await ann.GetPageAsync($"/rooms/{room}/sticker")).QuerySelectorAll(".stickers button"));
        var late = await ann.SubmitAsync(form, "a cup");
        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
        Assert.Contains("This sticker is not offered any more.", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_members_there_is_no_page_of_packs_and_visitors_see_no_picture()
    {
        var (admin, ann, room) = await app.FriendsAsync("admin", "ann");
        await AddAsync(admin, "Tea", "", Sample.Png);
        var pack = (IHtmlInputElement)(await admin.GetPageAsync("/admin/stickers")).QuerySelector("input[name=id]")!;
        var picture = (await ann.GetPageAsync($"/rooms/{room}/sticker")).QuerySelector(".stickers img")!.GetAttribute("src")!;

        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync("/admin/stickers")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AddAsync(ann, "Mine", "", Sample.Png)).StatusCode);
        using var remove = new FormUrlEncodedContent([new("id", pack.Value), new("__RequestVerificationToken", await ann.TokenAsync())]);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.PostAsync("/admin/stickers?handler=Remove", remove)).StatusCode);
        using var visitor = app.Visitor();
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Http.GetAsync(picture)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Http.GetAsync("/admin/stickers")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync("/stickers/unknown")).StatusCode);
        Assert.Single((await admin.GetPageAsync("/admin/stickers")).QuerySelectorAll("input[name=id]"));
        Assert.NotNull((await admin.GetPageAsync($"/rooms/{room}/sticker")).QuerySelector("a[href='/admin/stickers']"));
    }

    [Fact]
    public async Task Only_small_pictures_are_taken_with_a_word_for_each_or_none()
    {
        using var admin = await app.SignUpAsync("admin");
        byte[][] many = [.. Enumerable.Repeat(Sample.Png, 41)];
        foreach (var (field, name, words, files) in new (string, string, string, byte[][])[]
        {
            ("name", " ", "", [Sample.Png]),
            ("name", new string('x', 41), "", [Sample.Png]),
            ("pictures", "Tea", "", []),
            ("pictures", "Tea", "", many),
            ("pictures", "Tea", "", [Sample.Png, Sample.Jpeg]),
            ("pictures", "Tea", "", ["<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray()]),
            ("pictures", "Tea", "", [[.. Sample.Png, .. "<script>"u8]]),
            ("pictures", "Tea", "", [Sample.PngOf(3_000, 10)]),
            ("pictures", "Tea", "", [[.. Sample.Png, .. new byte[600 * 1024]]]),
            ("words", "Tea", "a cup", [Sample.Png, Sample.Gif]),
        })
        {
            var answer = await AddAsync(admin, name, words, files);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.NotNull((await Person.ReadAsync(answer)).QuerySelector($"#{field}-error"));
        }
        Assert.Empty((await admin.GetPageAsync("/admin/stickers")).QuerySelectorAll("input[name=id]"));
    }

    [Fact]
    public async Task A_foreign_room_is_an_unknown_one_and_the_same_form_sent_twice_is_one_message()
    {
        var (admin, ann, room) = await app.FriendsAsync("admin", "ann");
        using var eve = await app.SignUpAsync("eve");
        await AddAsync(admin, "Tea", "", Sample.Png);
        var form = await ann.GetPageAsync($"/rooms/{room}/sticker");
        var sticker = form.QuerySelector(".stickers button")!.GetAttribute("value")!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ann.SubmitAsync(form, "tea 0")));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Redirect, a.StatusCode));
        Assert.Single((await ann.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("img.sticker"));
        Assert.Equal(HttpStatusCode.NotFound, (await eve.Http.GetAsync($"/rooms/{room}/sticker")).StatusCode);
        using var body = new FormUrlEncodedContent([new("Sticker", sticker), new("__RequestVerificationToken", await eve.TokenAsync())]);
        Assert.Equal(HttpStatusCode.NotFound, (await eve.Http.PostAsync($"/rooms/{room}/sticker", body)).StatusCode);
    }

    internal static async Task<HttpResponseMessage> AddAsync(Person person, string name, string words, params byte[][] files)
    {
        using var body = new MultipartFormDataContent
        {
            { new StringContent(name), "Name" },
            { new StringContent(words), "Words" },
            { new StringContent(await person.TokenAsync()), "__RequestVerificationToken" },
        };
        for (var i = 0; i < files.Length; i++)
            body.Add(new ByteArrayContent(files[i]), "Pictures", $"tea-{i}.png");
        return await person.Http.PostAsync("/admin/stickers", body);
    }
}
