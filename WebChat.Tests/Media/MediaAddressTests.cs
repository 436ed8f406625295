using System.Net;
using WebChat.Media;
using static WebChat.Tests.Media.Sending;

namespace WebChat.Tests.Media;

/// <summary>Who gets a file of a message, and how.</summary>
public sealed class MediaAddressTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_picture_is_seen_by_those_who_may_read_its_message_and_can_do_nothing()
    {
        var (ann, ben, room) = await app.FriendsAsync(NewName(), NewName());
        using var outsider = await app.SignUpAsync(NewName());
        var file = await PostAsync(app, ann, room, NewFile(Sample.Png, "sea & shore 海.png"));

        var answer = await ben.Http.GetAsync(file.Address);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Sample.Png, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.ToString());
        Assert.Null(answer.Content.Headers.ContentDisposition);
        Assert.Equal("default-src 'none'; sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
        await AssertLostAsync(outsider, file.Address);
        await AssertLostAsync(ben, $"{file.Address}?small");
        using var visitor = app.Visitor();
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Http.GetAsync(file.Address)).StatusCode);
    }

    [Fact]
    public async Task Browsers_keep_it_and_ask_each_time_whether_they_still_may()
    {
        var (ann, ben, _) = await app.FriendsAsync(NewName(), NewName());
        var room = await ann.NewGroupAsync("Walkers");
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
        var file = await PostAsync(app, ann, room, NewFile(Sample.Png));
        var first = await ben.Http.GetAsync(file.Address);
        Assert.Equal("no-cache, private", first.Headers.CacheControl!.ToString());
        ben.Http.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);

        var again = await ben.Http.GetAsync(file.Address);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());

        await ann.SubmitAsync(await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{room}/members", "Remove")), "Remove");
        await AssertLostAsync(ben, file.Address);
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync(file.Address)).StatusCode);
    }

    [Fact]
    public async Task Who_left_or_blocked_and_whose_group_was_dissolved_has_it_no_more()
    {
        var (ann, ben, direct) = await app.FriendsAsync(NewName(), NewName());
        var room = await ann.NewGroupAsync("Walkers");
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
        var inGroup = await PostAsync(app, ann, room, NewFile(Sample.Png));
        await ben.SubmitAsync(await Person.ReadAsync(await ben.SubmitAsync($"/rooms/{room}/settings", "Leave group")), "Leave group");
        await AssertLostAsync(ben, inGroup.Address);
        await ann.SubmitAsync(await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{room}/settings", "Dissolve group")), "Dissolve group");
        await AssertLostAsync(ann, inGroup.Address);

        var before = await PostAsync(app, ann, direct, NewFile(Sample.Png));
        await ben.SubmitAsync($"/people/{ann.Account}/block", "Block");
        var after = await PostAsync(app, ann, direct, NewFile(Sample.Png));
        Assert.Equal(HttpStatusCode.OK, (await ben.Http.GetAsync(before.Address)).StatusCode);
        await AssertLostAsync(ben, after.Address);
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync(after.Address)).StatusCode);
    }

    [Fact]
    public async Task All_but_pictures_films_and_sound_is_taken_away_under_its_name_and_never_shown()
    {
        var (ann, ben, room) = await app.FriendsAsync(NewName(), NewName());
        var page = "<!doctype html><script>alert(1)</script>"u8.ToArray();
        var file = await PostAsync(app, ann, room, NewFile(page, "../../Plan \"B\" 计划.html"));

        var answer = await ben.Http.GetAsync(file.Address);

        Assert.Equal((MediaKind.File, "Plan \"B\" 计划.html"), (file.Kind, file.Name));
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("Plan \"B\" 计划.html", answer.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Equal("default-src 'none'; sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal(page, await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_smaller_picture_stands_beside_it_and_what_is_none_does_not()
    {
        var (ann, ben, room) = await app.FriendsAsync(NewName(), NewName());
        byte[] small = Sample.PngWith("tEXt", "secret place"u8);
        var file = await PostAsync(app, ann, room, NewFile(Sample.Jpeg) with { Small = new MemoryStream(small) });

        var answer = await ben.Http.GetAsync(file.SmallAddress);
        Assert.Equal(("image/png", Sample.Png.Length), (file.SmallType, file.SmallBytes));
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(Sample.Png, await answer.Content.ReadAsByteArrayAsync());
        Assert.NotEqual(answer.Headers.ETag, (await ben.Http.GetAsync(file.Address)).Headers.ETag);

        foreach (var wrong in new[] { "<svg/>"u8.ToArray(), [], Sample.PngOf(5_000, 5_000), [.. Sample.Png, .. new byte[600_000]], Sample.Mp4() })
            Assert.Null((await SendAsync(app, ann, room, NewFile(Sample.Png) with { Small = new MemoryStream(wrong) })).File!.SmallAddress);
        Assert.Null((await SendAsync(app, ann, room, NewFile("words"u8.ToArray()) with { Small = new MemoryStream(small) })).File!.SmallAddress);
    }

    [Fact]
    public async Task Parts_of_a_film_are_had_by_range()
    {
        var (ann, ben, room) = await app.FriendsAsync(NewName(), NewName());
        await AssertRangesAsync(app, ann, ben, room);
    }

    internal static async Task AssertRangesAsync(App app, Person ann, Person ben, long room)
    {
        var film = Sample.Read("film.webm");
        var file = await PostAsync(app, ann, room, new SentFile { Content = new MemoryStream(film), Name = "film.webm", Width = 64, Height = 48, Seconds = 1 });
        Assert.Equal((MediaKind.Video, 64, 48, 1), (file.Kind, file.Width!.Value, file.Height!.Value, file.Seconds!.Value));

        var part = await AskAsync("bytes=100-199");
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("video/webm", part.Content.Headers.ContentType!.ToString());
        Assert.Equal($"bytes 100-199/{film.Length}", part.Content.Headers.ContentRange!.ToString());
        Assert.Equal(film[100..200], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(film[^50..], await (await AskAsync("bytes=-50")).Content.ReadAsByteArrayAsync());
        Assert.Equal(film, await (await AskAsync("bytes=0-")).Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await AskAsync("bytes=99999-")).StatusCode);
        Assert.Equal("bytes", Assert.Single((await ben.Http.GetAsync(file.Address)).Headers.AcceptRanges));

        async Task<HttpResponseMessage> AskAsync(string range)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, file.Address);
            request.Headers.TryAddWithoutValidation("Range", range);
            return await ben.Http.SendAsync(request);
        }
    }

    [Fact]
    public async Task A_file_that_the_disk_has_lost_is_not_there()
    {
        using var own = new App();
        using var ann = await own.SignUpAsync("ann");
        var room = await ann.NewGroupAsync("Walkers");
        var file = await PostAsync(own, ann, room, NewFile(Sample.Png));
        Directory.Delete(Path.Combine(own.Data, "media", file.Id[..2]), recursive: true);

        await AssertLostAsync(ann, file.Address);
    }
}
