using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text;
using Dapper;
using WebChat.Media;
using WebChat.Storage;

namespace WebChat.Tests.Media;

public sealed class PicturesTests(App app) : IClassFixture<App>
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static readonly byte[] Jpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z");

    private static string NewName() => "p" + Guid.NewGuid().ToString("N")[..8];

    private static byte[] Chunk(string name, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(name, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        return chunk;
    }

    private static byte[] Segment(byte marker, string data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. Encoding.ASCII.GetBytes(data)];

    private static async Task<HttpResponseMessage> SendAsync(Person person, byte[] picture, string name = "face.png")
    {
        using var body = new MultipartFormDataContent
        {
            { new StringContent("Ann"), "Nickname" },
            { new StringContent("Unknown"), "Sex" },
            { new StringContent(await person.TokenAsync()), "__RequestVerificationToken" },
            { new ByteArrayContent(picture), "Avatar", name },
        };
        return await person.Http.PostAsync("/me", body);
    }

    private static async Task<string?> ShownAsync(Person person) =>
        (await person.GetPageAsync("/me")).QuerySelector("main .face img")?.GetAttribute("src");

    private static async Task<string> RefusalAsync(HttpResponseMessage answer) =>
        (await Person.ReadAsync(answer)).GetElementById("avatar-error")?.TextContent.Trim() ?? "";

    [Fact]
    public async Task A_face_is_shown_to_those_who_are_signed_in_and_can_do_nothing()
    {
        using var ann = await app.SignUpAsync(NewName());
        await SendAsync(ann, Png);
        var address = (await ShownAsync(ann))!;

        var answer = await ann.Http.GetAsync(address);

        Assert.Equal("image/png", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("default-src 'none'; sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var visitor = app.Visitor();
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Http.GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task What_is_no_picture_is_said_beside_the_field_whatever_it_is_called()
    {
        using var ann = await app.SignUpAsync(NewName());

        Assert.Contains("not a PNG", await RefusalAsync(await SendAsync(ann, "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "face.svg")), StringComparison.Ordinal);
        Assert.Contains("not a PNG", await RefusalAsync(await SendAsync(ann, "<html><script>alert(1)</script>"u8.ToArray(), "face.png")), StringComparison.Ordinal);
        Assert.Contains("not a PNG", await RefusalAsync(await SendAsync(ann, Png[..20])), StringComparison.Ordinal);
        Assert.Null(await ShownAsync(ann));
    }

    [Fact]
    public async Task A_giant_is_refused_by_its_header_and_by_its_weight()
    {
        using var ann = await app.SignUpAsync(NewName());
        var giant = (byte[])Png.Clone();
        BinaryPrimitives.WriteInt32BigEndian(giant.AsSpan(16), 30_000);
        BinaryPrimitives.WriteInt32BigEndian(giant.AsSpan(20), 30_000);

        Assert.Contains("4096", await RefusalAsync(await SendAsync(ann, giant)), StringComparison.Ordinal);
        Assert.Contains("512", await RefusalAsync(await SendAsync(ann, [.. Png, .. new byte[600_000]])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Place_camera_and_comments_are_gone_and_so_is_what_comes_behind_the_end()
    {
        using var ann = await app.SignUpAsync(NewName());
        byte[] png = [.. Png[..33], .. Chunk("tEXt", "secret place"u8.ToArray()), .. Chunk("eXIf", "secret place"u8.ToArray()), .. Png[33..], .. "<script>secret"u8];
        byte[] jpeg = [.. Jpeg[..2], .. Segment(0xE1, "Exif secret place"), .. Segment(0xFE, "secret place"), .. Jpeg[2..], .. "<script>secret"u8];

        foreach (var (picture, type) in new[] { (png, "image/png"), (jpeg, "image/jpeg") })
        {
            await SendAsync(ann, picture);
            var answer = await ann.Http.GetAsync(await ShownAsync(ann));
            var bytes = await answer.Content.ReadAsByteArrayAsync();

            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
            Assert.DoesNotContain("secret", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
            Assert.Equal(type is "image/png" ? Png : Jpeg, bytes);
        }
    }

    [Fact]
    public void Text_that_unpacks_to_hundreds_of_megabytes_is_not_unpacked()
    {
        using var packed = new MemoryStream();
        using (var packing = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var i = 0; i < 100; i++)
                packing.Write(new byte[1024 * 1024]);
        }
        byte[] bomb = [.. Png[..33], .. Chunk("zTXt", [.. "n\0\0"u8, .. packed.ToArray()]), .. Png[33..]];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(Png, PictureFile.Read(bomb)!.Bytes);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * bomb.Length);
    }

    [Theory]
    [InlineData("prVt")]
    [InlineData("caNv")]
    [InlineData("dSIG")]
    [InlineData("sPLT")]
    [InlineData("iTXt")]
    [InlineData("tIME")]
    [InlineData("fdAT")]
    public void A_chunk_that_is_no_picture_is_not_kept(string name) =>
        Assert.Equal(Png, PictureFile.Read([.. Png[..33], .. Chunk(name, "secret"u8.ToArray()), .. Png[33..]])!.Bytes);

    [Theory]
    [InlineData(0xE0, "JFXX\0secret thumbnail")]
    [InlineData(0xE1, "http://ns.adobe.com/xap/1.0/\0secret")]
    [InlineData(0xE2, "MPF\0secret")]
    [InlineData(0xE2, "FPXR\0secret")]
    [InlineData(0xED, "Photoshop 3.0\0secret")]
    [InlineData(0xEE, "Adobe and a secret")]
    [InlineData(0xF0, "secret")]
    [InlineData(0xFE, "secret")]
    public void A_segment_that_is_no_picture_is_not_kept(byte marker, string data) =>
        Assert.Equal(Jpeg, PictureFile.Read([.. Jpeg[..20], .. Segment(marker, data), .. Jpeg[20..]])!.Bytes);

    [Theory]
    [InlineData(0xE2, "ICC_PROFILE\0\u0001\u0001profile")]
    [InlineData(0xEE, "Adobe\0d\0\0\0\0\u0001")]
    public void What_gives_the_colours_their_meaning_is_kept(byte marker, string data)
    {
        byte[] coloured = [.. Jpeg[..20], .. Segment(marker, data), .. Jpeg[20..]];

        Assert.Equal(coloured, PictureFile.Read(coloured)!.Bytes);
    }

    [Fact]
    public void The_small_copy_in_a_JPEGs_first_segment_is_not_kept()
    {
        byte[] withCopy = [.. Jpeg[..2], .. Segment(0xE0, "JFIF\0\u0001\u0001\0\0\u0001\0\u0001\u0002\u0001secret"), .. Jpeg[20..]];

        var clean = PictureFile.Read(withCopy)!.Bytes;

        Assert.DoesNotContain("secret", Encoding.Latin1.GetString(clean), StringComparison.Ordinal);
        Assert.Equal([0, 0], clean[18..20]);
    }

    [Fact]
    public void The_size_is_said_once_and_first()
    {
        var frame = Jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0, 0x00, 0x0B]);
        byte[] giant = [0xFF, 0xC0, 0x00, 0x0B, 0x08, 0x75, 0x30, 0x75, 0x30, 0x01, 0x01, 0x11, 0x00];

        Assert.Equal((1, 1), PictureFile.Read(Jpeg) is { } jpeg ? (jpeg.Width, jpeg.Height) : default);
        Assert.Null(PictureFile.Read([.. Jpeg[..(frame + 13)], .. giant, .. Jpeg[(frame + 13)..]]));
        Assert.Null(PictureFile.Read([.. Jpeg[..frame], .. Jpeg[(frame + 13)..]]));
        Assert.Null(PictureFile.Read([.. Png[..33], .. Png[8..]]));
        Assert.Null(PictureFile.Read([.. Png[..8], .. Chunk("tEXt", "first"u8.ToArray()), .. Png[8..]]));
    }

    [Fact]
    public async Task A_replaced_picture_stays_for_the_pages_that_show_it_and_is_gone_an_hour_later()
    {
        using var own = new App();
        using var ann = await own.SignUpAsync("ann");
        var sweep = own.Get<PictureSweep>();
        await SendAsync(ann, Png);
        var before = await ShownAsync(ann);
        await sweep.SweepAsync();
        await SendAsync(ann, Jpeg);
        var after = await ShownAsync(ann);

        await sweep.SweepAsync();
        Assert.NotEqual(before, after);
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync(before)).StatusCode);

        await sweep.SweepAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync(before)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync(after)).StatusCode);
    }

    [Fact]
    public async Task An_icon_goes_when_it_is_replaced_whoever_put_it_there_and_with_its_group()
    {
        using var own = new App();
        using var ann = await own.SignUpAsync("ann");
        using var ben = await own.SignUpAsync("ben");
        var group = (await SendIconAsync(ann, "/rooms/new", "One")).Headers.Location!.OriginalString;
        await ben.SubmitAsync($"/rooms/find?q={group.Split('/')[^1]}", "Join");
        await own.Get<Database>().WriteAsync(c => c.ExecuteAsync("UPDATE members SET role = 1 WHERE user_id = (SELECT id FROM users WHERE account = 'ben') AND role = 0"));
        await SendIconAsync(ben, $"{group}/settings", "One");
        await SweepTwiceAsync(own);
        Assert.Equal(1, await CountAsync(own));

        await ann.SubmitAsync($"{group}/dissolve", "Dissolve group");
        await SweepTwiceAsync(own);
        Assert.Equal(0, await CountAsync(own));
    }

    [Fact]
    public async Task What_is_refused_leaves_no_picture_behind()
    {
        using var own = new App(("WebChat:Limits:GroupsPerUser", "1"));
        using var ann = await own.SignUpAsync("ann");
        await SendIconAsync(ann, "/rooms/new", "One");

        var answer = await SendIconAsync(ann, "/rooms/new", "Two");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, await CountAsync(own));
    }

    [Fact]
    public async Task Faces_and_icons_are_counted_together_and_one_too_many_waits()
    {
        using var own = new App(("WebChat:Limits:UploadsPerHour", "2"));
        using var ann = await own.SignUpAsync("ann");
        using var ben = await own.SignUpAsync("ben");
        await SendAsync(ann, Png);
        await SendIconAsync(ann, "/rooms/new", "One");

        var face = await SendAsync(ann, Jpeg);
        var icon = await SendIconAsync(ann, "/rooms/new", "Two");

        Assert.Equal(HttpStatusCode.TooManyRequests, face.StatusCode);
        Assert.True(face.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Contains("Too many pictures", await RefusalAsync(face), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, icon.StatusCode);
        Assert.Equal(2, await CountAsync(own));
        Assert.Equal(HttpStatusCode.Redirect, (await SendAsync(ben, Png)).StatusCode);
    }

    [Fact]
    public async Task The_installation_may_take_less()
    {
        using var own = new App(("WebChat:Limits:UploadBytes", "2048"));
        using var ann = await own.SignUpAsync("ann");

        Assert.Contains("at most 2 KB", await RefusalAsync(await SendAsync(ann, [.. Png, .. new byte[2048]])), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await SendAsync(ann, Png)).StatusCode);
    }

    private static async Task<HttpResponseMessage> SendIconAsync(Person person, string address, string name)
    {
        using var body = new MultipartFormDataContent
        {
            { new StringContent(name), "Name" },
            { new StringContent(await person.TokenAsync()), "__RequestVerificationToken" },
            { new ByteArrayContent(Png), "Icon", "icon.png" },
        };
        return await person.Http.PostAsync(address, body);
    }

    private static async Task SweepTwiceAsync(App app)
    {
        await app.Get<PictureSweep>().SweepAsync();
        await app.Get<PictureSweep>().SweepAsync();
    }

    private static Task<long> CountAsync(App app) => app.Get<Database>().ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM pictures"));

    [Fact]
    public async Task Without_one_the_initials_are_drawn()
    {
        using var ann = await app.SignUpAsync(NewName());
        await ann.SubmitAsync("/me", "Save", ("Nickname", "<b> Lee"));

        var answer = await ann.Http.GetAsync($"/people/{ann.Account.ToUpperInvariant()}/avatar");

        Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("&lt;L</text>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync("/people/nobody-at-all/avatar")).StatusCode);
    }
}
