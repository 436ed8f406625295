using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace WebChat.Tests.Shared;

public sealed partial class AnswersTests(App app) : IClassFixture<App>
{
    private static string NewName() => "p" + Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task Every_address_answers_with_the_policy_to_administrators_members_and_strangers_however_it_is_asked()
    {
        using var own = new App();
        using var admin = await own.SignUpAsync("admin");
        using var ann = await own.SignUpAsync("ann");
        using var stranger = own.Visitor();
        var pages = own.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => "/" + Parameter().Replace(e.RoutePattern.RawText!, "1").TrimStart('/')).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(pages.Count > 60, "too few addresses: the test would prove nothing");
        const string SignOut = "/accounts/sign-out";
        string[] addresses = ["/nowhere", "/css/tokens.css", $"/rooms/{await ann.NewGroupAsync("Walkers")}", .. pages.Where(a => a != SignOut), SignOut]; // then one is nobody any more

        foreach (var visitor in new[] { admin, ann, stranger })
        {
            var token = await visitor.TokenAsync(visitor == stranger ? "/accounts/sign-in" : "/me");
            var kept = 0;
            foreach (var address in addresses)
            {
                using var asked = await visitor.Http.GetAsync(address);
                Check(asked, address);
                using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token)]);
                using var posted = await visitor.Http.PostAsync(address, form);
                Check(posted, $"a post to {address}");
                using var forged = await visitor.Http.PostAsync(address, content: null);
                Check(forged, $"a forged post to {address}");
                if (visitor != stranger && address != SignOut)
                {
                    Assert.All(new[] { asked, posted, forged }.Where(a => a.Content.Headers.ContentType?.MediaType is "text/html"), a => Assert.True(a.Headers.CacheControl is { NoStore: true }, $"{address} may be kept"));
                    Assert.False(asked.Headers.Location?.OriginalString.StartsWith("/accounts/sign-in", StringComparison.Ordinal) is true && !address.StartsWith("/accounts/", StringComparison.Ordinal), $"{address} has put {visitor.Account} out");
                }
                kept += asked.Content.Headers.ContentType?.MediaType is "text/html" && asked.IsSuccessStatusCode ? 1 : 0;
            }
            Assert.True(kept > (visitor == stranger ? 2 : 20), $"{visitor.Account} saw {kept} pages: the test would prove little");
        }

        static void Check(HttpResponseMessage answer, string address)
        {
            string Header(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : $"nothing, at {address}";

            Assert.True((int)answer.StatusCode < 500, $"{address} answers {(int)answer.StatusCode}");
            Assert.Equal(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                Header("Content-Security-Policy"));
            Assert.Equal("nosniff", Header("X-Content-Type-Options"));
            Assert.Equal("same-origin", Header("Referrer-Policy"));
            Assert.Equal("same-origin", Header("Cross-Origin-Opener-Policy"));
            Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
            Assert.Equal("camera=(), geolocation=(), microphone=(self)", Header("Permissions-Policy"));
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task Pages_are_kept_nowhere_and_our_own_files_may_be()
    {
        using var ann = await app.SignUpAsync(NewName());

        var page = await ann.Http.GetAsync("/me");
        var sheet = await ann.Http.GetAsync("/css/tokens.css");

        Assert.True(page.Headers.CacheControl!.NoStore);
        Assert.Contains("HX-Request", page.Headers.Vary);
        Assert.False(sheet.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Over_https_browsers_are_told_to_come_so_for_a_year()
    {
        using var house = new App(("environment", "Production"), ("WebChat:TrustedProxies", "127.0.0.1, ::1"));
        using var visitor = house.Visitor();
        async Task<bool> IsToldAsync(string scheme)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/accounts/sign-in");
            request.Headers.Add("X-Forwarded-Proto", scheme);
            request.Headers.Add("X-Forwarded-Host", "chat.example");
            return (await visitor.Http.SendAsync(request)).Headers.TryGetValues("Strict-Transport-Security", out var told) && told.Single() == "max-age=31536000";
        }

        Assert.True(await IsToldAsync("https"));
        Assert.False(await IsToldAsync("http"));
    }

    [Fact]
    public async Task An_unknown_address_is_a_page_a_sentence_or_json()
    {
        using var ann = await app.SignUpAsync(NewName());

        var page = await ann.Http.GetAsync("/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal("Nothing at this address", (await Person.ReadAsync(page)).QuerySelector("h1")!.TextContent);

        using var part = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        part.Headers.Add("HX-Request", "true");
        var sentence = await ann.Http.SendAsync(part);
        Assert.Equal(HttpStatusCode.NotFound, sentence.StatusCode);
        Assert.Equal("text/plain", sentence.Content.Headers.ContentType!.MediaType);

        using var program = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        program.Headers.Accept.ParseAdd("application/json");
        var json = await ann.Http.SendAsync(program);
        Assert.Equal(HttpStatusCode.NotFound, json.StatusCode);
        Assert.StartsWith("{\"error\":\"", await json.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zh", "zh-Hans")]
    [InlineData("zh-CN", "zh-Hans")]
    [InlineData("zh-TW,en;q=0.5", "zh-Hans")]
    [InlineData("fr,zh;q=0.5", "zh-Hans")]
    [InlineData("en-GB,zh;q=0.9", "en")]
    [InlineData("en;q=0.1,zh-Hans;q=0.9", "zh-Hans")]
    [InlineData("fr", "en")]
    public async Task Errors_speak_the_browsers_language(string wanted, string language)
    {
        using var ann = await app.SignUpAsync(NewName());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.AcceptLanguage.Clear();
        request.Headers.TryAddWithoutValidation("Accept-Language", wanted);
        ann.Http.DefaultRequestHeaders.AcceptLanguage.Clear();

        var page = await Person.ReadAsync(await ann.Http.SendAsync(request));

        Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
        Assert.Equal(language is "en" ? "Nothing at this address" : "这个地址什么也没有", page.QuerySelector("h1")!.TextContent);
    }

    [Fact]
    public async Task While_the_database_cannot_be_read_a_page_says_so_with_503()
    {
        using var own = new App(("WebChat:Storage:Postgres", ""));
        using var ann = await own.SignUpAsync("ann");
        // A directory in the file's place: it cannot be opened, as with a lost disk.
        var file = own.Get<WebChat.Storage.StorageOptions>().DatabaseFile;
        ((WebChat.Storage.SqliteDatabase)own.Get<WebChat.Storage.Database>()).LetGo();
        File.Move(file, file + ".away");
        Directory.CreateDirectory(file);

        var answer = await ann.Http.GetAsync("/me");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter!.Delta);
        Assert.Equal("Back in a moment", (await Person.ReadAsync(answer)).QuerySelector("h1")!.TextContent);
        Directory.Delete(file);
        File.Move(file + ".away", file);
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task Health_and_readiness_are_plain()
    {
        using var visitor = app.Visitor();

        Assert.Equal("ok", await visitor.Http.GetStringAsync("/healthz"));
        Assert.Equal("ready", await visitor.Http.GetStringAsync("/readyz"));
    }

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();
}
