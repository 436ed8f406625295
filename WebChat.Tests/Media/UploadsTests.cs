using Microsoft.AspNetCore.Http;
using WebChat.Media;
using static WebChat.Tests.Media.Sending;

namespace WebChat.Tests.Media;

/// <summary>What is taken in for a message, and what of it is believed.</summary>
public sealed class UploadsTests(App app) : IClassFixture<App>
{
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
            var answer = await SendAsync(app, ann, room, NewFile(file, name));
            Assert.Equal(415, answer.Status);
            Assert.Contains("not a picture", answer.Error, StringComparison.Ordinal);
        }
        var giant = await SendAsync(app, ann, room, NewFile(Sample.PngOf(30_000, 30_000), "giant.png"));
        Assert.Equal(415, giant.Status);
        Assert.Contains("16384 pixels on a side, and 50 million", giant.Error, StringComparison.Ordinal);
        Assert.Equal(400, (await SendAsync(app, ann, room, NewFile([]))).Status);
        Assert.Equal(before, await StoredAsync(app));
    }

    [Fact]
    public async Task Nobody_fills_a_room_they_are_not_in()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var outsider = await app.SignUpAsync(NewName());
        var room = await ann.NewGroupAsync("Walkers");

        Assert.Equal(404, (await SendAsync(app, outsider, room, NewFile(Sample.Png))).Status);
        Assert.Equal(404, (await SendAsync(app, ann, 1, NewFile(Sample.Png))).Status);
    }

    [Fact]
    public async Task Too_big_too_many_and_more_than_ones_share_are_refused_with_a_sentence()
    {
        using var own = new App(("WebChat:Limits:UploadBytes", "3000"), ("WebChat:Limits:QuotaBytes", "5000"), ("WebChat:Limits:UploadsPerHour", "4"));
        var (ann, ben, room) = await own.FriendsAsync("ann", "ben");

        var tooBig = await SendAsync(own, ann, room, NewFile(new byte[3_001]));
        Assert.Equal((413, "This file is too big: at most 2.9 KB."), (tooBig.Status, tooBig.Error));
        await PostAsync(own, ann, room, NewFile(new byte[3_000]));
        var noRoom = await SendAsync(own, ann, room, NewFile(new byte[2_001]));
        Assert.Equal((413, "Your files take 2.9 KB of 4.9 KB: this one does not fit. Recall some first."), (noRoom.Status, noRoom.Error));
        Assert.Equal(200, (await SendAsync(own, ben, room, NewFile(new byte[2_001]))).Status);
        await PostAsync(own, ann, room, NewFile(new byte[2_000]));
        await SendAsync(own, ann, room, NewFile([1]));
        var tooMany = await SendAsync(own, ann, room, NewFile([1]));
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

        Assert.Equal(200, (await SendAsync(own, ann, room, NewFile(new byte[21 * 1024 * 1024]))).Status);
        Assert.Null(Uploads.MostBodyBytes(own.Get<Microsoft.Extensions.Options.IOptionsMonitor<WebChat.Shared.Limits>>().CurrentValue));
    }

    [Fact]
    public async Task What_the_file_says_stands_above_what_the_page_told_and_no_page_tells_nonsense()
    {
        using var ann = await app.SignUpAsync(NewName());
        var room = await ann.NewGroupAsync("Walkers");
        async Task<MediaFile> TakeAsync(byte[] content, int told) =>
            (await SendAsync(app, ann, room, NewFile(content) with { Width = told, Height = told, Seconds = told })).File!;

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

        var (first, second, other) = ((await SendAsync(app, ann, room, NewFile(Sample.Png))).File!, (await SendAsync(app, ann, room, NewFile(Sample.Png, "other-name.png"))).File!, (await SendAsync(app, ann, room, NewFile(Sample.Jpeg))).File!);

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
            var file = (await SendAsync(app, ann, room, NewFile(content))).File!;

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
}
