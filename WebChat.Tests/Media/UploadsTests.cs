using System.Globalization;
using System.Net;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using WebChat.Media;
using WebChat.Storage;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Media;

/// <summary>What is taken in for a message, and who gets it.</summary>
public sealed class UploadsTests(App app) : IClassFixture<App>
{
    private static string NewName() => "u" + Guid.NewGuid().ToString("N")[..8];

    private static SentFile File(byte[] content, string name = "file.bin") => new() { Content = new MemoryStream(content), Name = name };

    private static async Task<UploadAnswer> SendAsync(App app, Person person, long room, SentFile file) =>
        await app.Get<Uploads>().TakeAsync(await person.IdAsync(), room, file, CancellationToken.None);

    /// <summary>A message of this person that carries a file.</summary>
    private static async Task<MediaFile> PostAsync(App app, Person person, long room, SentFile file)
    {
        var answer = await SendAsync(app, person, room, file);
        Assert.Equal((200, null), (answer.Status, answer.Error));
        var (owner, seq) = (await person.IdAsync(), await person.SayAsync(room, "look"));
        await app.Get<Database>().WriteAsync(c => MediaStore.AddAsync(c, answer.File!, owner, room, seq, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        return answer.File!;
    }

    private static async Task<(string Body, string Headers)> LostAsync(Person person, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("image/*"); // a page would hold a token, of which no two are alike
        var answer = await person.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        return (await answer.Content.ReadAsStringAsync(), string.Join('\n', answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key != "Date").Select(h => $"{h.Key}: {string.Join(", ", h.Value)}")));
    }

    private static async Task AssertLostAsync(Person person, string address) =>
        Assert.Equal(await LostAsync(person, "/media/AAAAAAAAAAAAAAAAAAAAAA/unknown.png"), await LostAsync(person, address));

    private static MediaSweep SweepIn(App app, TimeSpan time) => new(app.Get<MediaStore>(), app.Get<IMediaFiles>(), new LaterClock(time), NullLogger<MediaSweep>.Instance);

    private static Task<List<string>> StoredAsync(App app) => app.Get<IMediaFiles>().ListAsync(CancellationToken.None).Select(f => f.Name).Order(StringComparer.Ordinal).ToListAsync().AsTask();

    [Fact]
    public async Task A_picture_is_seen_by_those_who_may_read_its_message_and_can_do_nothing()
    {
        var (ann, ben, room) = await app.FriendsAsync(NewName(), NewName());
        using var outsider = await app.SignUpAsync(NewName());
        var file = await PostAsync(app, ann, room, File(Sample.Png, "sea & shore 海.png"));

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
        var file = await PostAsync(app, ann, room, File(Sample.Png));
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
        var inGroup = await PostAsync(app, ann, room, File(Sample.Png));
        await ben.SubmitAsync(await Person.ReadAsync(await ben.SubmitAsync($"/rooms/{room}/settings", "Leave group")), "Leave group");
        await AssertLostAsync(ben, inGroup.Address);
        await ann.SubmitAsync(await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{room}/settings", "Dissolve group")), "Dissolve group");
        await AssertLostAsync(ann, inGroup.Address);

        var before = await PostAsync(app, ann, direct, File(Sample.Png));
        await ben.SubmitAsync($"/people/{ann.Account}/block", "Block");
        var after = await PostAsync(app, ann, direct, File(Sample.Png));
        Assert.Equal(HttpStatusCode.OK, (await ben.Http.GetAsync(before.Address)).StatusCode);
        await AssertLostAsync(ben, after.Address);
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync(after.Address)).StatusCode);
    }

    [Fact]
    public async Task All_but_pictures_films_and_sound_is_taken_away_under_its_name_and_never_shown()
    {
        var (ann, ben, room) = await app.FriendsAsync(NewName(), NewName());
        var page = "<!doctype html><script>alert(1)</script>"u8.ToArray();
        var file = await PostAsync(app, ann, room, File(page, "../../Plan \"B\" 计划.html"));

        var answer = await ben.Http.GetAsync(file.Address);

        Assert.Equal((MediaKind.File, "Plan \"B\" 计划.html"), (file.Kind, file.Name));
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("Plan \"B\" 计划.html", answer.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Equal("default-src 'none'; sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal(page, await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Parts_of_a_film_are_had_by_range()
    {
        var (ann, ben, room) = await app.FriendsAsync(NewName(), NewName());
        await AssertRangesAsync(app, ann, ben, room);
    }

    private static async Task AssertRangesAsync(App app, Person ann, Person ben, long room)
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
    public async Task A_smaller_picture_stands_beside_it_and_what_is_none_does_not()
    {
        var (ann, ben, room) = await app.FriendsAsync(NewName(), NewName());
        byte[] small = Sample.PngWith("tEXt", "secret place"u8);
        var file = await PostAsync(app, ann, room, File(Sample.Jpeg) with { Small = new MemoryStream(small) });

        var answer = await ben.Http.GetAsync(file.SmallAddress);
        Assert.Equal(("image/png", Sample.Png.Length), (file.SmallType, file.SmallBytes));
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(Sample.Png, await answer.Content.ReadAsByteArrayAsync());
        Assert.NotEqual(answer.Headers.ETag, (await ben.Http.GetAsync(file.Address)).Headers.ETag);

        foreach (var wrong in new[] { "<svg/>"u8.ToArray(), [], Sample.PngOf(5_000, 5_000), [.. Sample.Png, .. new byte[600_000]], Sample.Mp4() })
            Assert.Null((await SendAsync(app, ann, room, File(Sample.Png) with { Small = new MemoryStream(wrong) })).File!.SmallAddress);
        Assert.Null((await SendAsync(app, ann, room, File("words"u8.ToArray()) with { Small = new MemoryStream(small) })).File!.SmallAddress);
    }

    [Fact]
    public async Task What_pretends_is_refused_and_so_are_giants_and_nothing()
    {
        using var ann = await app.SignUpAsync(NewName());
        var room = await ann.NewGroupAsync("Walkers");
        var before = await StoredAsync(app);

        foreach (var (file, name) in new[]
        {
            ("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "drawing.svg"),
            ("<html><script>alert(1)</script>"u8.ToArray(), "face.png"),
            ([.. Sample.Gif, .. "<script>alert(1)</script>"u8], "moves.gif"),
        })
        {
            var answer = await SendAsync(app, ann, room, File(file, name));
            Assert.Equal(415, answer.Status);
            Assert.Contains("not a picture", answer.Error, StringComparison.Ordinal);
        }
        var giant = await SendAsync(app, ann, room, File(Sample.PngOf(30_000, 30_000), "giant.png"));
        Assert.Equal(415, giant.Status);
        Assert.Contains("16384 pixels on a side, and 50 million", giant.Error, StringComparison.Ordinal);
        Assert.Equal(400, (await SendAsync(app, ann, room, File([]))).Status);
        Assert.Equal(before, await StoredAsync(app));
    }

    [Fact]
    public async Task Nobody_fills_a_room_they_are_not_in()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var outsider = await app.SignUpAsync(NewName());
        var room = await ann.NewGroupAsync("Walkers");

        Assert.Equal(404, (await SendAsync(app, outsider, room, File(Sample.Png))).Status);
        Assert.Equal(404, (await SendAsync(app, ann, 1, File(Sample.Png))).Status);
    }

    [Fact]
    public async Task What_the_file_says_stands_above_what_the_page_told_and_no_page_tells_nonsense()
    {
        using var ann = await app.SignUpAsync(NewName());
        var room = await ann.NewGroupAsync("Walkers");
        async Task<MediaFile> TakeAsync(byte[] content, int told) =>
            (await SendAsync(app, ann, room, File(content) with { Width = told, Height = told, Seconds = told })).File!;

        var film = await TakeAsync(Sample.Mp4(), 7);
        Assert.Equal((360, 640, 90), (film.Width, film.Height, film.Seconds));
        var voice = await TakeAsync(Sample.Read("voice.webm"), 7);
        Assert.Equal((null, null, 7), (voice.Width, voice.Height, voice.Seconds));
        var picture = await TakeAsync(Sample.Png, 7);
        Assert.Equal((6, 4, null), (picture.Width, picture.Height, picture.Seconds));
        var plain = await TakeAsync("words"u8.ToArray(), 7);
        Assert.Equal((null, null, null), (plain.Width, plain.Height, plain.Seconds));
        foreach (var nonsense in new[] { 0, -1, 1_000_000 })
        {
            var odd = await TakeAsync(Sample.Read("film.webm"), nonsense);
            Assert.Equal((null, null, null), (odd.Width, odd.Height, odd.Seconds));
        }
    }

    [Fact]
    public async Task The_same_file_sent_again_has_the_same_hash_and_another_id()
    {
        using var ann = await app.SignUpAsync(NewName());
        var room = await ann.NewGroupAsync("Walkers");

        var (first, second, other) = ((await SendAsync(app, ann, room, File(Sample.Png))).File!, (await SendAsync(app, ann, room, File(Sample.Png, "other-name.png"))).File!, (await SendAsync(app, ann, room, File(Sample.Jpeg))).File!);

        Assert.Equal(first.Hash, second.Hash);
        Assert.NotEqual(first.Hash, other.Hash);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(22, first.Id.Length); // sixteen bytes of chance
    }

    [Fact]
    public async Task A_message_tells_of_it_as_it_is()
    {
        using var ann = await app.SignUpAsync(NewName());
        var room = await ann.NewGroupAsync("Walkers");
        foreach (var content in new[] { Sample.Png, "words"u8.ToArray(), Sample.Mp4() })
        {
            var file = (await SendAsync(app, ann, room, File(content))).File!;

            Assert.Equal(file, WebChat.Messages.Content.Unpack<MediaFile>(WebChat.Messages.Content.Pack(file)));
            Assert.DoesNotContain("/media/", WebChat.Messages.Content.Pack(file), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_form_brings_it_as_it_was_chosen()
    {
        using var ann = await app.SignUpAsync(NewName());
        var room = await ann.NewGroupAsync("Walkers");
        var file = new FormFile(new MemoryStream([0, .. Sample.Jpeg, 0]), 1, Sample.Jpeg.Length, "file", "Strand.jpg") { Headers = new HeaderDictionary { ["Content-Type"] = "image/jpeg" } };

        var answer = await SendAsync(app, ann, room, SentFile.From(file));

        Assert.Equal(("Strand.jpg", "image/jpeg", 6), (answer.File!.Name, answer.File.Type, answer.File.Width));
    }

    [Fact]
    public async Task Too_big_too_many_and_more_than_ones_share_are_refused_with_a_sentence()
    {
        using var own = new App(("WebChat:Limits:UploadBytes", "3000"), ("WebChat:Limits:QuotaBytes", "5000"), ("WebChat:Limits:UploadsPerHour", "4"));
        var (ann, ben, room) = await own.FriendsAsync("ann", "ben");

        var tooBig = await SendAsync(own, ann, room, File(new byte[3_001]));
        Assert.Equal((413, "This file is too big: at most 2.9 KB."), (tooBig.Status, tooBig.Error));
        await PostAsync(own, ann, room, File(new byte[3_000]));
        var noRoom = await SendAsync(own, ann, room, File(new byte[2_001]));
        Assert.Equal((413, "Your files take 2.9 KB of 4.9 KB: this one does not fit. Recall some first."), (noRoom.Status, noRoom.Error));
        Assert.Equal(200, (await SendAsync(own, ben, room, File(new byte[2_001]))).Status);
        await PostAsync(own, ann, room, File(new byte[2_000]));
        await SendAsync(own, ann, room, File([1]));
        var tooMany = await SendAsync(own, ann, room, File([1]));
        Assert.Equal(429, tooMany.Status);
        Assert.True(tooMany.Wait > TimeSpan.Zero);
        Assert.StartsWith("Too many files. Try again in ", tooMany.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_limits_there_are_none()
    {
        using var own = new App(("WebChat:Limits:UploadBytes", "0"), ("WebChat:Limits:QuotaBytes", "0"));
        using var ann = await own.SignUpAsync("ann");
        var room = await ann.NewGroupAsync("Walkers");

        Assert.Equal(200, (await SendAsync(own, ann, room, File(new byte[21 * 1024 * 1024]))).Status);
        Assert.Null(Uploads.MostBodyBytes(own.Get<WebChat.Shared.Limits>()));
    }

    [Fact]
    public async Task What_nobody_posted_is_gone_after_an_hour_and_what_was_posted_stays()
    {
        using var own = new App();
        await AssertSweptAsync(own);
    }

    private static async Task AssertSweptAsync(App own)
    {
        var (ann, ben, room) = await own.FriendsAsync("ann", "ben");
        var posted = await PostAsync(own, ann, room, File(Sample.Png) with { Small = new MemoryStream(Sample.Png) });
        var recalled = await PostAsync(own, ann, room, File(Sample.Png) with { Small = new MemoryStream(Sample.Png) });
        var abandoned = (await SendAsync(own, ann, room, File(Sample.Png) with { Small = new MemoryStream(Sample.Png) })).File!;
        var forgotten = (await SendAsync(own, ann, room, File(Sample.Png) with { Small = new MemoryStream(Sample.Png) })).File!;
        var all = await StoredAsync(own);
        Assert.Equal(8, all.Count);

        await own.Get<Uploads>().ForgetAsync(forgotten);
        await own.Get<Database>().WriteAsync(c => c.ExecuteAsync("DELETE FROM media WHERE id = @Id", new { recalled.Id }));
        await SweepIn(own, TimeSpan.FromMinutes(55)).SweepAsync(CancellationToken.None);
        Assert.Equal(Names(posted, recalled, abandoned), await StoredAsync(own));
        await AssertLostAsync(ben, recalled.Address);
        await AssertLostAsync(ann, abandoned.Address);

        var sweeps = Enumerable.Range(0, 3).Select(_ => SweepIn(own, TimeSpan.FromMinutes(65)).SweepAsync(CancellationToken.None)); // as several nodes do
        await Task.WhenAll(sweeps);
        Assert.Equal(Names(posted), await StoredAsync(own));
        Assert.Equal(Sample.Png, await (await ben.Http.GetAsync(posted.Address)).Content.ReadAsByteArrayAsync());
        Assert.Equal(Sample.Png, await (await ben.Http.GetAsync(posted.SmallAddress)).Content.ReadAsByteArrayAsync());

        static IEnumerable<string> Names(params MediaFile[] files) => files.SelectMany(f => new[] { f.Id, $"{f.Id}.small" }).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_was_in_a_group_that_was_dissolved_is_swept_and_its_room_is_ones_own_again()
    {
        using var own = new App(("WebChat:Limits:QuotaBytes", "5000"));
        using var ann = await own.SignUpAsync("ann");
        var (gone, stays) = (await ann.NewGroupAsync("Walkers"), await ann.NewGroupAsync("Choir"));
        await PostAsync(own, ann, gone, File(new byte[4_000]));
        var kept = await PostAsync(own, ann, stays, File(new byte[10]));
        Assert.Equal(413, (await SendAsync(own, ann, stays, File(new byte[4_000]))).Status);

        await ann.SubmitAsync(await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{gone}/settings", "Dissolve group")), "Dissolve group");
        await SweepIn(own, TimeSpan.FromMinutes(65)).SweepAsync(CancellationToken.None);

        Assert.Equal([kept.Id], await StoredAsync(own));
        Assert.Equal(200, (await SendAsync(own, ann, stays, File(new byte[4_000]))).Status);
    }

    [Fact]
    public async Task All_of_it_works_with_object_storage_too()
    {
        await using var server = await S3Server.StartNewAsync();
        using (var own = new App(server.Settings))
        {
            await AssertSweptAsync(own);
            using var ann = new Person(own.Address, "ann");
            using var ben = new Person(own.Address, "ben");
            await ann.SignInAsync();
            await ben.SignInAsync();
            var room = await ann.NewGroupAsync("Walkers");
            await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
            await AssertRangesAsync(own, ann, ben, room);
            Assert.False(Directory.Exists(Path.Combine(own.Data, "media")));

            var file = await PostAsync(own, ann, room, File(Sample.Png));
            await server.DisposeAsync();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ben.Http.GetAsync(file.Address)).StatusCode);
            await Assert.ThrowsAsync<StorageUnavailableException>(() => SendAsync(own, ann, room, File(Sample.Png)));
            Assert.Equal(HttpStatusCode.OK, (await ben.Http.GetAsync($"/rooms/{room}")).StatusCode);
        }
    }

    [Fact]
    public async Task A_file_that_the_disk_has_lost_is_not_there()
    {
        using var own = new App();
        using var ann = await own.SignUpAsync("ann");
        var room = await ann.NewGroupAsync("Walkers");
        var file = await PostAsync(own, ann, room, File(Sample.Png));
        Directory.Delete(Path.Combine(own.Data, "media", file.Id[..2]), recursive: true);

        await AssertLostAsync(ann, file.Address);
    }

    [Theory]
    [InlineData("WebChat__Media__S3__Bucket, WebChat__Media__S3__SecretKey: not set", "Endpoint=http://127.0.0.1:1", "AccessKey=x")]
    [InlineData("WebChat__Media__S3__Endpoint: not set", "Bucket=x", "AccessKey=x", "SecretKey=x")]
    [InlineData("is \"storage.example.org\", which is no address", "Endpoint=storage.example.org", "Bucket=x", "AccessKey=x", "SecretKey=x")]
    public void Settings_that_cannot_work_are_said_at_the_start(string words, params string[] settings)
    {
        var error = Record.Exception(() => new App([.. settings.Select(s => ($"WebChat:Media:S3:{s.Split('=', 2)[0]}", s.Split('=', 2)[1]))]));

        Assert.Contains(words, error!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_nodes_are_told_that_they_must_share_the_directory()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await using var node = await Instance.StartAsync(Instance.Built, Instance.Project, ("WebChat__Redis", redis.Address));
        await using var alone = await Instance.StartAsync(Instance.Built, Instance.Project);

        Assert.Contains($"Files of messages are kept in {node.Folder}/media: every node must have the same directory there", node.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Files of messages", alone.Log, StringComparison.Ordinal);
    }

    private sealed class LaterClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
