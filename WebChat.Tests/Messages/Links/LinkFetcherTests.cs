using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using WebChat.Messages.Links;
using WebChat.Shared;

namespace WebChat.Tests.Messages.Links;

public sealed class LinkFetcherTests : IAsyncLifetime
{
    private const string Page = "<title>Rose garden</title><meta name=description content='All in bloom.'><meta property=og:image content=/rose.png>";

    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Stranger stranger = null!;

    public async Task InitializeAsync() => stranger = await Stranger.StartAsync();

    public async Task DisposeAsync() => await stranger.DisposeAsync();

    [Fact]
    public async Task A_page_gives_its_title_its_words_and_its_picture()
    {
        stranger.Answers("/", Page);
        stranger.Answers("/rose.png", Png, "application/octet-stream");

        var link = await FetchAsync("/");

        Assert.Equal(("Rose garden", "All in bloom.", Stranger.Public.ToString(), stranger.At("/")), (link!.Title, link.Description, link.Site, link.Address));
        Assert.Equal(stranger.At("/rose.png"), link.PictureAddress);
        Assert.Equal("image/png", link.Picture!.Type);
        Assert.Equal(Png, link.Picture.Bytes);
        Assert.Equal(new LinkCard("Rose garden", "All in bloom.", Stranger.Public.ToString(), stranger.At("/").AbsoluteUri, null), link.ToCard(null));
    }

    [Fact]
    public async Task The_server_learns_who_asks_and_nothing_else()
    {
        stranger.Answers("/first", http =>
        {
            (http.Response.StatusCode, http.Response.Headers.Location, http.Response.Headers.SetCookie) = (302, "/", "who=ann; Path=/");
            return Task.CompletedTask;
        });
        stranger.Answers("/", Page);

        Assert.NotNull(await FetchAsync("/first#secret"));

        Assert.Equal(["/first", "/", "/rose.png"], stranger.Asked.Select(a => a.Path));
        Assert.All(stranger.Asked, a => Assert.Equal(Outside.UserAgent, a.Headers["User-Agent"]));
        Assert.All(stranger.Asked, a => Assert.Equal(["Accept", "Accept-Encoding", "Host", "User-Agent"], a.Headers.Keys.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Three_times_one_is_sent_on_and_not_a_fourth()
    {
        stranger.Answers("/0", "<title>Found</title>");
        foreach (var (step, status) in new[] { (1, 301), (2, 307), (3, 308), (4, 302) })
            stranger.Sends($"/{step}", $"/{step - 1}", status);
        stranger.Sends("/round", "/round");

        Assert.Equal("Found", (await FetchAsync("/3"))!.Title);
        Assert.Null(await FetchAsync("/4"));
        Assert.Null(await FetchAsync("/round"));
        Assert.Equal(4, stranger.Asked.Count(a => a.Path == "/round"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://127.1:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://0177.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("//127.0.0.1:{0}/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1:{0}/")]
    [InlineData("data:text/html,<title>x</title>")]
    public async Task Nobody_is_led_to_a_private_address(string address)
    {
        var there = string.Format(System.Globalization.CultureInfo.InvariantCulture, address, stranger.Port);
        stranger.Answers("/", Page);
        stranger.Sends("/redirect", there);
        stranger.Answers("/picture", $"<title>With a picture</title><meta property=og:image content='{there}'>");

        if (Uri.TryCreate(there, UriKind.Absolute, out var direct) && !direct.IsFile)
        {
            using var real = new LinkFetcher(new Outside(PublicNetwork.Has, _ => true, Dns.GetHostAddressesAsync));
            Assert.Null(await FetchAsync(direct));
            Assert.Null(await real.FetchAsync(direct, default));
        }
        Assert.Null(await FetchAsync("/redirect"));
        Assert.Null((await FetchAsync("/picture"))!.Picture);
        Assert.Empty(stranger.AskedInPrivate);
        Assert.NotEmpty(stranger.Asked);
    }

    [Fact]
    public async Task A_name_that_resolves_to_something_else_the_second_time_leads_nowhere()
    {
        var asked = 0;
        using var outside = Stranger.Reached(name => name == "turns.example" && asked++ == 0 ? [Stranger.Public] : [Stranger.Private]);
        using var fetcher = new LinkFetcher(outside);
        stranger.Answers("/", Page);
        stranger.Answers("/rose.png", Png, "image/png");

        var link = await fetcher.FetchAsync(new Uri($"http://turns.example:{stranger.Port}/"), default);

        Assert.Equal(("Rose garden", null, 2), (link!.Title, link.Picture, asked));
        Assert.Empty(stranger.AskedInPrivate);
    }

    [Fact]
    public async Task Of_a_names_addresses_only_the_public_ones_are_tried()
    {
        using var outside = Stranger.Reached(name => name == "both.example" ? [Stranger.Private, IPAddress.IPv6Loopback, Stranger.Public] : [Stranger.Private]);
        using var fetcher = new LinkFetcher(outside);
        stranger.Answers("/", "<title>Public</title>");
        stranger.Sends("/redirect", $"http://private.example:{stranger.Port}/");

        Assert.Equal("both.example", (await fetcher.FetchAsync(new Uri($"http://both.example:{stranger.Port}/"), default))!.Site);
        Assert.Null(await fetcher.FetchAsync(new Uri($"http://both.example:{stranger.Port}/redirect"), default));
        Assert.Empty(stranger.AskedInPrivate);
    }

    [Theory]
    [InlineData("http://a.example:8080/")]
    [InlineData("https://a.example:22/")]
    [InlineData("http://ann:secret@a.example/")]
    [InlineData("http://ann@a.example/")]
    [InlineData("ftp://a.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    public async Task Other_ports_schemes_and_credentials_are_not_even_looked_up(string address)
    {
        var lookedUp = 0;
        using var outside = new Outside(PublicNetwork.Has, port => port is 80 or 443, (_, _) => Task.FromResult<IPAddress[]>([Stranger.Private]).ContinueWith(t => { lookedUp++; return t.Result; }, TaskScheduler.Default));
        using var fetcher = new LinkFetcher(outside);
        using var real = new Outside();

        Assert.False(real.MayAsk(new Uri(address)));
        Assert.Null(await fetcher.FetchAsync(new Uri(address), default));
        Assert.Equal(0, lookedUp);
        Assert.True(real.MayAsk(new Uri("https://a.example/b?c")) && real.MayAsk(new Uri("http://a.example")));
        Assert.Null(await fetcher.FetchAsync(new Uri("http://a.example/"), default));
        Assert.Equal(1, lookedUp);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("image/svg+xml")]
    [InlineData("application/xhtml+xml")]
    [InlineData(null)]
    public async Task What_is_no_page_is_not_read(string? type)
    {
        stranger.Answers("/", Encoding.UTF8.GetBytes(Page), type);
        Assert.Null(await FetchAsync("/"));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(206)]
    [InlineData(304)]
    public async Task What_is_not_there_has_no_card(int status)
    {
        stranger.Answers("/", http =>
        {
            (http.Response.StatusCode, http.Response.ContentType) = (status, "text/html");
            return status == 304 ? Task.CompletedTask : http.Response.WriteAsync(Page);
        });
        Assert.Null(await FetchAsync("/"));
    }

    [Fact]
    public async Task A_page_without_end_is_read_to_its_half_megabyte_and_left()
    {
        stranger.Answers("/", http => EndlessAsync(http, "<title>Long</title>", new byte[64 * 1024]));

        Assert.Equal("Long", (await FetchAsync("/"))!.Title);
        await gone.Task;
    }

    [Fact]
    public async Task A_bomb_is_unpacked_no_further_than_that()
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write("<title>Small</title>"u8);
            for (var i = 0; i < 512; i++)
                packing.Write(new byte[1024 * 1024]);
        }
        stranger.Answers("/", http =>
        {
            (http.Response.ContentType, http.Response.Headers.ContentEncoding) = ("text/html", "gzip");
            return http.Response.Body.WriteAsync(packed.ToArray()).AsTask();
        });

        Assert.Equal("Small", (await FetchAsync("/"))!.Title);
        using var outside = Stranger.Reached();
        using var answer = await outside.GetAsync(stranger.At("/"), "text/html", default);
        Assert.Equal(LinkFetcher.MostBytes, (await Outside.ReadAsync(answer!, LinkFetcher.MostBytes, default)).Length);
    }

    [Fact]
    public async Task A_page_that_trickles_in_is_given_up_and_left()
    {
        stranger.Answers("/", http => EndlessAsync(http, "<title>Slow</title>", [(byte)' '], pause: 20));
        stranger.Answers("/silent", http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        using var outside = Stranger.Reached();
        using var hasty = new LinkFetcher(outside, TimeSpan.FromMilliseconds(200));

        Assert.Null(await hasty.FetchAsync(stranger.At("/"), default));
        await gone.Task;
        Assert.Null(await hasty.FetchAsync(stranger.At("/silent"), default));
        Assert.Equal(TimeSpan.FromSeconds(5), LinkFetcher.Patience);
    }

    [Fact]
    public async Task A_picture_that_does_not_come_in_time_costs_only_the_picture()
    {
        stranger.Answers("/", Page);
        stranger.Answers("/rose.png", http => EndlessAsync(http, "", [(byte)' '], pause: 20));
        using var outside = Stranger.Reached();
        using var hasty = new LinkFetcher(outside, TimeSpan.FromSeconds(1));

        var link = await hasty.FetchAsync(stranger.At("/"), default);

        Assert.Equal(("Rose garden", null), (link!.Title, link.Picture));
        await gone.Task;
    }

    [Fact]
    public async Task Pictures_are_what_their_first_bytes_say_and_not_too_big()
    {
        foreach (var (start, type) in new (byte[], string?)[]
        {
            (Png, "image/png"), ([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"), ("GIF89a…"u8.ToArray(), "image/gif"), ("RIFF1234WEBPVP8 "u8.ToArray(), "image/webp"),
            ("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), null), ("<html>"u8.ToArray(), null), ("RIFF1234WAVE"u8.ToArray(), null), ([], null),
        })
        {
            stranger.Answers("/", Page);
            stranger.Answers("/rose.png", start, "image/png");
            Assert.Equal(type, (await FetchAsync("/"))!.Picture?.Type);
        }
        stranger.Answers("/rose.png", [.. Png, .. new byte[LinkFetcher.MostBytes]], "image/png");
        Assert.Null((await FetchAsync("/"))!.Picture);
        stranger.Answers("/rose.png", http => EndlessAsync(http, "", Png));
        Assert.Null((await FetchAsync("/"))!.Picture);
    }

    [Fact]
    public async Task Words_are_one_line_of_a_length_and_turn_nothing()
    {
        stranger.Answers("/", $"<title>  One\n\u202Etwo&#x202E;\u0007 </title><meta name=description content='{string.Concat(Enumerable.Repeat("👨‍👩‍👧", 400))}'>");
        stranger.Answers("/piled", $"<title>a{new string('\u0301', 5000)}</title>");
        stranger.Answers("/long", $"<title>{new string('x', 1000)}</title>");
        stranger.Answers("/empty", "<title> \u200B </title>");

        var link = await FetchAsync("/");
        Assert.Equal("One two", link!.Title);
        Assert.EndsWith("👨‍👩‍👧…", link.Description, StringComparison.Ordinal);
        Assert.InRange(UserText.Length(link.Description!), 100, LinkFetcher.LongestDescription + 1);
        Assert.Equal(new string('x', LinkFetcher.LongestTitle) + "…", (await FetchAsync("/long"))!.Title);
        Assert.Null(await FetchAsync("/piled"));
        Assert.Null(await FetchAsync("/empty"));
    }

    [Fact]
    public async Task Who_no_longer_wants_the_card_is_told_so()
    {
        stranger.Answers("/", http => EndlessAsync(http, "", [(byte)' '], pause: 20));
        using var outside = Stranger.Reached();
        using var fetcher = new LinkFetcher(outside);
        using var cancellation = new CancellationTokenSource();
        var fetch = fetcher.FetchAsync(stranger.At("/"), cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
    }

    [Fact]
    public async Task Where_nobody_answers_there_is_no_card()
    {
        using var outside = new Outside(_ => true, _ => true, (_, _) => throw new System.Net.Sockets.SocketException());
        using var fetcher = new LinkFetcher(outside);
        Assert.Null(await fetcher.FetchAsync(new Uri($"http://127.0.0.2:{Tests.Servers.Ports.Free()}/"), default));
        Assert.Null(await fetcher.FetchAsync(new Uri("http://unknown.example/"), default));
        Assert.Null(await fetcher.FetchAsync(new Uri($"https://127.0.0.2:{stranger.Port}/"), default));
    }

    private Task<FetchedLink?> FetchAsync(string path) => FetchAsync(stranger.At(path));

    private static async Task<FetchedLink?> FetchAsync(Uri address)
    {
        using var outside = Stranger.Reached();
        using var fetcher = new LinkFetcher(outside);
        return await fetcher.FetchAsync(address, default);
    }

    // Writes until the other side is gone, and says so.
    private async Task EndlessAsync(HttpContext http, string start, byte[] part, int pause = 0)
    {
        http.Response.ContentType = "text/html";
        try
        {
            await http.Response.WriteAsync(start, http.RequestAborted);
            while (true)
            {
                await http.Response.Body.WriteAsync(part, http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                if (pause > 0)
                    await Task.Delay(pause, http.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            gone.TrySetResult();
        }
    }
}
