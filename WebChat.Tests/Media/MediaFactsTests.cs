using System.Buffers.Binary;
using System.Text;
using WebChat.Media;

namespace WebChat.Tests.Media;

/// <summary>What a file is found to be, whatever it is called.</summary>
public sealed class MediaFactsTests
{
    private static (MediaFacts? Facts, byte[] Clean) Look(byte[] file, string name = "file", string? declared = null)
    {
        using var sent = new MemoryStream(file);
        using var clean = new MemoryStream();
        return (MediaFacts.Copy(sent, clean, name, declared), clean.ToArray());
    }

    private static byte[] Exif(byte turn) => [.. "Exif\0\0II*\0\u0008\0\0\0\u0002\0"u8, 0x0F, 1, 2, 0, 4, 0, 0, 0, .. "me\0\0"u8, 0x12, 1, 3, 0, 1, 0, 0, 0, turn, 0, 0, 0, .. "secret place"u8];

    [Fact]
    public void Pictures_keep_their_size_and_their_bytes()
    {
        foreach (var (picture, type, width, height) in new[] { (Sample.Png, "image/png", 6, 4), (Sample.Gif, "image/gif", 2, 1), (Sample.Webp, "image/webp", 6, 4) })
        {
            var (facts, clean) = Look(picture, "is-called.txt");

            Assert.Equal(new MediaFacts(MediaKind.Image, type) { Width = width, Height = height }, facts);
            Assert.Equal(picture, clean);
        }
        var jpeg = Look(Sample.Jpeg).Facts!;
        Assert.Equal(("image/jpeg", 6, 4), (jpeg.Type, jpeg.Width!.Value, jpeg.Height!.Value));
    }

    [Fact]
    public void Films_and_recordings_of_browsers_are_known_and_stay_as_they_are()
    {
        foreach (var (name, facts) in new[]
        {
            ("film.mp4", new MediaFacts(MediaKind.Video, "video/mp4") { Width = 64, Height = 48, Seconds = 0.633 }),
            ("film.webm", new MediaFacts(MediaKind.Video, "video/webm")),
            ("voice.webm", new MediaFacts(MediaKind.Audio, "audio/webm")),
        })
        {
            var file = Sample.Read(name);

            var (found, clean) = Look(file);

            Assert.Equal(facts, found);
            Assert.Equal(file, clean);
        }
        Assert.Equal((MediaKind.Audio, "audio/mp4", null), Look(Sample.Read("voice.m4a")).Facts is { } voice ? (voice.Kind, voice.Type, voice.Width) : default);
    }

    [Fact]
    public void Sound_is_known_by_its_signature()
    {
        Assert.Equal(new MediaFacts(MediaKind.Audio, "audio/wav") { Seconds = 3 }, Look(Sample.Wav(3)).Facts);
        Assert.Equal(new MediaFacts(MediaKind.Audio, "audio/mpeg"), Look(Sample.Mp3).Facts);
        Assert.Equal(new MediaFacts(MediaKind.Audio, "audio/mpeg"), Look([.. "ID3\u0004\0\0\0\0\0\0\0"u8, .. Sample.Mp3]).Facts);
        Assert.Equal(new MediaFacts(MediaKind.Audio, "audio/ogg"), Look(Sample.Ogg).Facts);
    }

    [Theory]
    [InlineData("page.html", "<!doctype html><script>alert(1)</script>")]
    [InlineData("drawing.txt", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [InlineData("song.mp3", "<html>")]
    [InlineData("film.mp4", "\0\0\0\u0014ftypisom\0\0\0\0isom<script>alert(1)</script>")]
    [InlineData("film.mp4", "\0\0\0\u0014ftypisom\0\0\0\0isom")]
    [InlineData("a.pdf", "%PDF-1.7")]
    [InlineData("b", "x")]
    public void All_else_is_a_plain_file_whatever_it_is_called(string name, string content)
    {
        var file = Encoding.Latin1.GetBytes(content);

        var (facts, clean) = Look(file, name);

        Assert.Equal(new MediaFacts(MediaKind.File, "application/octet-stream"), facts);
        Assert.Equal(file, clean);
    }

    [Fact]
    public void What_pretends_to_be_a_picture_is_refused()
    {
        Assert.Null(Look("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "drawing.svg").Facts);
        Assert.Null(Look("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "drawing", "image/svg+xml; charset=utf-8").Facts);
        Assert.Null(Look("<html><script>alert(1)</script>"u8.ToArray(), "face.PNG").Facts);
        Assert.Null(Look([.. Sample.Png[..8], .. "<html><script>alert(1)</script>"u8], "page.html").Facts);
        Assert.Null(Look("GIF89a/*<script>*/=1;alert(1)"u8.ToArray(), "script.js").Facts);
        foreach (var picture in new[] { Sample.Png, Sample.Jpeg, Sample.Gif, Sample.Webp })
        {
            Assert.Null(Look(picture[..(picture.Length / 2)]).Facts);
            Assert.Null(Look([.. picture, .. "<script>alert(1)</script>"u8]).Facts);
            Assert.Null(Look([.. picture, .. "PK\u0003\u0004"u8]).Facts);
        }
    }

    [Fact]
    public void A_picture_with_a_page_inside_is_refused()
    {
        var page = "<ScRiPt>alert(1)</script>"u8;

        Assert.Null(Look(Sample.PngWith("tEXt", page)).Facts);
        Assert.Null(Look(Sample.PngWith("tEXt", [.. new byte[Parts.MostSeen - 10], .. page, .. new byte[Parts.MostSeen]])).Facts);
        Assert.Null(Look(Sample.JpegWith(0xFE, page)).Facts);
        Assert.Null(Look(Sample.JpegWith(0xE1, "<html>"u8)).Facts);
        Assert.Null(Look(Sample.GifWith([0x21, 0xFE, (byte)page.Length, .. page, 0])).Facts);
        Assert.Null(Look(Sample.WebpWith("XMP ", page)).Facts);
    }

    [Fact]
    public void Place_camera_and_comments_are_gone()
    {
        var secret = "secret place"u8;
        var jpeg = Look(Sample.Jpeg).Clean;

        Assert.Equal(Sample.Png, Look(Sample.PngWith("eXIf", secret)).Clean);
        Assert.Equal(Sample.Png, Look(Sample.PngWith("iTXt", [.. new byte[200_000], .. secret])).Clean);
        Assert.Equal(jpeg, Look(Sample.JpegWith(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. secret])).Clean);
        Assert.Equal(Sample.Gif, Look(Sample.GifWith([0x21, 0xFE, 12, .. secret, 0])).Clean);
        Assert.Equal(Sample.Gif, Look(Sample.GifWith([0x21, 0xFF, 11, .. "XMP DataXMP"u8, 12, .. secret, 0])).Clean);
        byte[] webp = Sample.WebpWith("EXIF", secret);
        webp[20] |= 0x0C;
        Assert.Equal(Sample.Webp, Look(webp).Clean);
    }

    [Theory]
    [InlineData(1, 6, 4)]
    [InlineData(3, 6, 4)]
    [InlineData(6, 4, 6)]
    [InlineData(8, 4, 6)]
    public void Of_what_a_camera_wrote_only_which_side_is_up_is_left(byte turn, int width, int height)
    {
        var (facts, clean) = Look(Sample.JpegWith(0xE1, Exif(turn)));

        Assert.Equal((width, height), (facts!.Width, facts.Height));
        Assert.DoesNotContain("secret", Encoding.Latin1.GetString(clean), StringComparison.Ordinal);
        Assert.Equal(turn > 1 ? 36 : 0, clean.Length - Look(Sample.Jpeg).Clean.Length);
        Assert.Equal(facts, Look(clean).Facts);
        Assert.Equal(clean, Look(clean).Clean);
    }

    [Fact]
    public void What_cameras_put_behind_a_picture_is_cut_off()
    {
        var jpeg = Look(Sample.Jpeg).Clean;

        Assert.Equal(jpeg, Look([.. Sample.Jpeg, .. Sample.Jpeg]).Clean);
        Assert.Equal(jpeg, Look([.. Sample.Jpeg, .. Sample.Mp4()]).Clean);
        Assert.Equal(jpeg, Look([.. Sample.Jpeg, 0, 0, 1, 10, 14, 0, 0, 0, .. "Image_UTC_Data1234567890123"u8]).Clean);
        Assert.Equal(jpeg, Look([.. Sample.Jpeg, .. new byte[100], .. Sample.Jpeg]).Clean);
        Assert.Equal(Sample.Gif, Look([.. Sample.Gif, 0]).Clean);
    }

    [Fact]
    public void A_picture_that_moves_goes_on_moving()
    {
        byte[] png = Sample.PngWith("acTL", [0, 0, 0, 1, 0, 0, 0, 0]);
        Assert.Equal(png, Look(png).Clean);
        var (facts, webp) = Look(Sample.MovingWebp(4, 5));
        Assert.Equal(("image/webp", 4, 5), (facts!.Type, facts.Width!.Value, facts.Height!.Value));
        Assert.Equal(0x02, webp[20]);
        Assert.Equal(Sample.MovingWebp(4, 5).Length - 14, webp.Length);
        Assert.Equal(webp.Length - 8, webp[4]);
        Assert.DoesNotContain("secret", Encoding.Latin1.GetString(webp), StringComparison.Ordinal);
        Assert.Null(Look(Sample.MovingWebp(3, 5)).Facts); // its images do not fit on it
    }

    [Fact]
    public void The_size_that_counts_is_the_one_that_is_shown()
    {
        var canvas = Sample.Webp;
        canvas[24] = 200;
        Assert.Null(Look(canvas).Facts);
        var screen = Sample.Gif;
        screen[6] = 1;
        Assert.Equal(2, Look(screen).Facts!.Width);
    }

    [Theory]
    [InlineData(30_000, 30_000, true)]
    [InlineData(16_385, 1, true)]
    [InlineData(1, 16_385, true)]
    [InlineData(10_000, 5_001, true)]
    [InlineData(10_000, 5_000, false)]
    [InlineData(16_384, 3_000, false)]
    public void A_giant_is_known_by_its_header(int width, int height, bool isGiant) =>
        Assert.Equal(isGiant, Look(Sample.PngOf(width, height)).Facts!.IsGiant);

    [Theory]
    [InlineData(0, 4)]
    [InlineData(-6, 4)]
    [InlineData(6, int.MinValue)]
    public void A_picture_of_no_size_is_none(int width, int height) =>
        Assert.Null(Look(Sample.PngOf(width, height)).Facts);

    [Fact]
    public void A_film_says_nothing_of_its_place_and_plays_on()
    {
        var film = Sample.Mp4();

        var (facts, clean) = Look(film);

        Assert.Equal(new MediaFacts(MediaKind.Video, "video/mp4") { Width = 360, Height = 640, Seconds = 90.4 }, facts);
        Assert.Equal(film.Length, clean.Length);
        var text = Encoding.Latin1.GetString(clean);
        Assert.DoesNotContain("udta", text, StringComparison.Ordinal);
        Assert.DoesNotContain("meta", text, StringComparison.Ordinal);
        Assert.DoesNotContain("+59.33", text, StringComparison.Ordinal);
        Assert.DoesNotContain("location", text, StringComparison.Ordinal);
        Assert.Contains("the film itself", text, StringComparison.Ordinal);
        Assert.Equal("video/quicktime", Look(Sample.Mp4("qt  ")).Facts!.Type);
    }

    [Fact]
    public void A_film_whose_boxes_do_not_add_up_is_a_plain_file()
    {
        Assert.Equal(MediaKind.File, Look(Sample.Mp4()[..^1]).Facts!.Kind);
        Assert.Equal(MediaKind.File, Look([.. Sample.Mp4(), .. "<script>alert(1)</script>"u8]).Facts!.Kind);
        byte[] endless = [.. Sample.Mp4(), .. Enumerable.Repeat(Sample.Box("free"), 30_000).SelectMany(b => b)];
        Assert.Equal(MediaKind.File, Look(endless).Facts!.Kind);
    }

    [Fact]
    public void No_file_makes_it_fail_wherever_it_is_cut_or_changed()
    {
        var random = new Random(4);
        foreach (var whole in new[] { Sample.Png, Sample.JpegWith(0xE1, Exif(6)), Sample.Gif, Sample.Webp, Sample.MovingWebp(4, 4), Sample.Mp4(), Sample.FilmOfPlaces(), Sample.Read("film.mp4"), Sample.Read("film.webm"), Sample.Wav(1)[..60], Sample.Mp3, Sample.Ogg })
        {
            for (var length = 0; length < Math.Min(whole.Length, 800); length++)
                Look(whole[..length]);
            for (var i = 0; i < 2_000; i++)
            {
                var changed = (byte[])whole.Clone();
                for (var n = random.Next(1, 4); n > 0; n--)
                    changed[random.Next(Math.Min(changed.Length, 200))] = (byte)random.Next(256);
                Look(changed);
            }
        }
    }

    [Theory]
    [InlineData("\u0000\u0000\u0000\u0018ftypheic\0\0\0\0mif1heic and where it was taken")]
    [InlineData("\u0000\u0000\u0000\u0018ftypisom\0\0\0\0isommif1 and where it was taken")]
    [InlineData("\u0000\u0000\u0000\u0014ftypavif\0\0\0\0avif and where it was taken")]
    [InlineData("\u0000\u0000\u0000\u0014ftypcrx \0\0\0\0isom and where it was taken")]
    [InlineData("\u0000\u0000\u0000\u000CJXL \r\n\u0087\n and where it was taken")]
    [InlineData("II*\0\u0008\0\0\0 and where it was taken")]
    [InlineData("MM\0*\0\0\0\u0008 and where it was taken")]
    public void A_picture_of_which_the_place_cannot_be_taken_out_is_not_taken_in(string content)
    {
        var file = Encoding.Latin1.GetBytes(content);

        Assert.True(Look(file).Facts!.IsTelling);
        Assert.True(Look(file, "beach.jpg", "image/jpeg").Facts!.IsTelling);
        Assert.Empty(Look(file).Clean);
    }

    [Theory]
    [InlineData("beach.HEIC", null)]
    [InlineData("beach.tif", null)]
    [InlineData("beach", "image/heif; x=y")]
    public void Nor_is_what_calls_itself_one(string name, string? declared)
    {
        Assert.True(Look([.. "something else"u8], name, declared).Facts!.IsTelling);
        Assert.Equal("image/jpeg", Look(Sample.Jpeg, name, declared).Facts!.Type); // phones call these so too
    }

    [Fact]
    public void Where_the_camera_of_a_film_was_each_second_is_gone()
    {
        var film = Sample.FilmOfPlaces();

        var (facts, clean) = Look(film);

        Assert.Equal((MediaKind.Video, 640), (facts!.Kind, facts.Width));
        Assert.Equal(film.Length, clean.Length);
        var text = Encoding.Latin1.GetString(clean);
        Assert.DoesNotContain("place", text, StringComparison.Ordinal);
        Assert.DoesNotContain("meta", text, StringComparison.Ordinal);
        Assert.Contains("the film itself", text, StringComparison.Ordinal);
        Assert.Contains("film again", text, StringComparison.Ordinal);
        Assert.Contains("vide", text, StringComparison.Ordinal);
        Assert.Equal(facts, Look(clean).Facts);
        Assert.Equal(clean, Look(clean).Clean);
    }

    [Fact]
    public void A_film_of_which_they_cannot_be_taken_out_is_not_taken_in()
    {
        var film = Sample.FilmOfPlaces();
        Assert.True(Look([.. film, .. Sample.Box("moof")]).Facts!.IsTelling);
        Assert.True(Look(Changed("stsz"u8, 2, 3)).Facts!.IsTelling); // more of them than are placed
        Assert.True(Look(Changed("stco"u8, 2, 1_000_000)).Facts!.IsTelling); // behind the end
        Assert.True(Look(Changed("stco"u8, 1, 1_000)).Facts!.IsTelling); // more places than there are
        Assert.True(Look(Changed("stsc"u8, 1, 9)).Facts!.IsTelling);
        Assert.True(Look(Changed("stbl"u8, -1, BinaryPrimitives.ReadInt32BigEndian("none"u8))).Facts!.IsTelling);
        Assert.True(Look(Sample.FilmOfPlaces(times: 20_001)).Facts!.IsTelling); // somebody wants to keep us busy
        Assert.True(Look(Changed("vide"u8, -1, BinaryPrimitives.ReadInt32BigEndian("text"u8))).Facts!.IsTelling); // nothing else is in it

        byte[] Changed(ReadOnlySpan<byte> box, int number, int to)
        {
            var changed = (byte[])film.Clone();
            BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(film.AsSpan().LastIndexOf(box) + 4 + (4 * number)), to);
            return changed;
        }
    }

    public static TheoryData<byte[], byte[]> Hostile() => new()
    {
        { Sample.Png[..33], [0, 0, 0, 0, .. "tIME"u8, 0, 0, 0, 0] },
        { Sample.Jpeg[..20], [0xFF, 0xFE, 0, 2] },
        { JpegBeforeScan, [0xFF, 0xDA, 0, 2] },
        { [.. JpegBeforeScan, 0xFF, 0xDA, 0, 2], [0xFF, 0] },
        { [.. JpegBeforeScan, 0xFF, 0xDA, 0, 2], [0xFF] },
        { [.. Sample.Gif[..19], 0x21, 0xFE], [1, (byte)'<'] },
        { [.. "RIFF\u00FF\u00FF\u00FF\u00FFWEBP"u8], [.. "ABCD\0\0\0\0"u8] },
        { Sample.Box("ftyp", [.. "isom\0\0\0\0"u8]), Sample.Box("free") },
        { Sample.Box("ftyp", [.. "isom\0\0\0\0"u8]), Sample.Box("moov", Sample.Box("trak", Sample.Box("mdia"))) },
        { [0x1A, 0x45, 0xDF, 0xA3], [.. "webm"u8] },
        { [], [0xFF, 0xFB, 0x90, 0x00] },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Whatever_is_repeated_in_a_file_costs_no_more_than_its_length(byte[] start, byte[] piece)
    {
        byte[] file = [.. start, .. Enumerable.Repeat(piece, 1_000_000 / piece.Length).SelectMany(p => p)];

        Processor.AssertGrowsWith(() => Look(file), () => Look(file[..(file.Length / 4)]));
    }

    [Fact]
    public void A_picture_of_many_scans_is_read_once_and_one_of_too_many_is_none()
    {
        using var sent = new Counted([.. JpegBeforeScan, .. Scans(1_000), .. new byte[500_000], 0xFF, 0xD9]);
        using var clean = new MemoryStream();

        Assert.NotNull(JpegFile.Copy(new Parts(sent, clean)));
        Assert.InRange(sent.Reads, 1, 20);
        Assert.Equal(sent.ToArray(), clean.ToArray());
        Assert.Null(Look([.. JpegBeforeScan, .. Scans(1_001), 0xFF, 0xD9]).Facts);

        static IEnumerable<byte> Scans(int count) => Enumerable.Repeat<byte[]>([0xFF, 0xDA, 0, 2], count).SelectMany(s => s);
    }

    private static byte[] JpegBeforeScan => Look(Sample.Jpeg).Clean is var jpeg ? jpeg[..jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA])] : [];

    private sealed class Counted(byte[] bytes) : MemoryStream(bytes)
    {
        public int Reads { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            Reads++;
            return base.Read(buffer);
        }
    }

    [Fact]
    public void However_large_a_picture_is_little_of_it_is_in_memory()
    {
        using var sent = new MemoryStream(Sample.PngWith("IDAT", new byte[10_000_000]));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.NotNull(MediaFacts.Copy(sent, Stream.Null, "p", null));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 300_000);
    }
}
