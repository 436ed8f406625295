using System.Buffers.Binary;
using System.Net;
using System.Text;

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
    public async Task A_replaced_picture_is_gone()
    {
        using var ann = await app.SignUpAsync(NewName());
        await SendAsync(ann, Png);
        var before = await ShownAsync(ann);

        await SendAsync(ann, Jpeg);

        Assert.NotEqual(before, await ShownAsync(ann));
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync(before)).StatusCode);
    }

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
