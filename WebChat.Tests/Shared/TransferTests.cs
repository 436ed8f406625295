using System.Net;
using System.Text.RegularExpressions;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Shared;

/// <summary>What a browser has to fetch of the published program, whose files are compressed as it is published.</summary>
public sealed partial class TransferTests : IDisposable
{
    /// <summary>Of all bodies, as they come over the line.</summary>
    private const int MostBytes = 120_000;

    private readonly string place = Directory.CreateTempSubdirectory("webchat-transfer-").FullName;

    public void Dispose() => Directory.Delete(place, recursive: true);

    [Fact]
    public async Task A_first_visit_is_small_and_what_it_fetched_beside_pages_is_never_asked_for_again()
    {
        await Command.RunAsync("dotnet", "publish", Instance.Project, "--no-build", "--nologo", "-v", "quiet", "-o", place, "-c", Instance.Built.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug");
        await using var node = await Instance.StartAsync(Path.Combine(place, "WebChat.dll"), place, ("ASPNETCORE_ENVIRONMENT", "Production"));
        using var ann = new Person(node.Address, "ann");
        await ann.SetUpAsync();
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = ann.Cookies }) { BaseAddress = node.Address };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br, zstd");
        var visit = new Visit(http);

        await visit.OpenAsync("/accounts/sign-in", asNobody: true);
        await visit.OpenAsync("/lobby", asNobody: false);

        Assert.True(visit.Fetched.Count > 30, "the page has fewer files than it should");
        Assert.InRange(visit.Bytes, 10_000, MostBytes);
        Assert.All(visit.Fetched, file => Assert.True(file.Value is { MaxAge.TotalDays: > 300 } kept && kept.Extensions.Any(e => e.Name is "immutable"), $"{file.Key} is asked for again"));
    }

    [Fact]
    public async Task A_page_is_not_compressed_for_another_site_that_had_the_browser_ask()
    {
        await using var app = new App();
        using var ann = await app.SignUpAsync("ann");
        Assert.Equal(["br"], await EncodingAsync(ann, "same-origin"));
        Assert.Equal(["br"], await EncodingAsync(ann, null));
        Assert.Empty(await EncodingAsync(ann, "cross-site"));
        Assert.Empty(await EncodingAsync(ann, "same-site"));
    }

    private static async Task<ICollection<string>> EncodingAsync(Person person, string? site)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/search");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br, zstd");
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        using var answer = await person.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Content.Headers.ContentEncoding;
    }

    /// <summary>Fetches pages with all that they load, each file once, as a browser does.</summary>
    private sealed partial class Visit(HttpClient http)
    {
        /// <summary>The files beside the pages, and for how long they may be kept.</summary>
        public Dictionary<string, System.Net.Http.Headers.CacheControlHeaderValue?> Fetched { get; } = [];

        public int Bytes { get; private set; }

        public async Task OpenAsync(string page, bool asNobody)
        {
            using var nobody = new HttpClient { BaseAddress = http.BaseAddress };
            nobody.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br, zstd");
            var (html, _) = await GetAsync(asNobody ? nobody : http, page);
            foreach (Match file in Linked().Matches(html))
                await FetchAsync(new Uri(http.BaseAddress!, file.Groups["file"].Value));
        }

        private async Task FetchAsync(Uri file)
        {
            var path = file.AbsolutePath;
            if (path is "/icon.svg" or "/manifest.webmanifest" || !Fetched.TryAdd(path, null)) // these two stand under fixed names, and browsers take their time with them
                return;
            var (text, kept) = await GetAsync(http, path);
            Fetched[path] = kept;
            foreach (Match import in Imported().Matches(path.EndsWith(".js", StringComparison.Ordinal) ? text : ""))
                await FetchAsync(new Uri(file, import.Groups["file"].Value));
        }

        private async Task<(string Text, System.Net.Http.Headers.CacheControlHeaderValue? Kept)> GetAsync(HttpClient asking, string address)
        {
            using var answer = await asking.GetAsync(address);
            Assert.True(answer.IsSuccessStatusCode, $"{address}: {(int)answer.StatusCode}");
            Assert.True(answer.Content.Headers.ContentEncoding.Count == 1, $"{address} is not compressed");
            var body = await answer.Content.ReadAsByteArrayAsync();
            Bytes += body.Length;
            await using Stream plain = answer.Content.Headers.ContentEncoding.Single() is "br"
                ? new System.IO.Compression.BrotliStream(new MemoryStream(body), System.IO.Compression.CompressionMode.Decompress)
                : new System.IO.Compression.GZipStream(new MemoryStream(body), System.IO.Compression.CompressionMode.Decompress);
            using var reader = new StreamReader(plain);
            return (await reader.ReadToEndAsync(), answer.Headers.CacheControl);
        }

        [GeneratedRegex("""<(?:link|script)[^>]*(?:href|src)="(?<file>[^"]+)"|<use href="(?<file>[^"#]+)#""", RegexOptions.ExplicitCapture, 1000)]
        private static partial Regex Linked();

        [GeneratedRegex("""^import (?:[^']* from )?'(?<file>[^']+)';""", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
        private static partial Regex Imported();
    }
}
