using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using WebChat.Accounts.Factors;

namespace WebChat.Tests.Accounts.Factors;

/// <summary>What is no passkey of this house. What is one, a browser shows: <see cref="Browser.FactorTests"/>.</summary>
public sealed class PasskeyTests(App app) : IClassFixture<App>
{
    private readonly string name = "p" + Guid.NewGuid().ToString("N")[..8];

    [Theory]
    [InlineData("https", "chat.example.org", "https://chat.example.org", true)]
    [InlineData("https", "chat.example.org", "https://CHAT.example.org:443", true)]
    [InlineData("http", "localhost:5080", "http://localhost:5080", true)]
    [InlineData("http", "localhost:5080", "http://localhost:5081", false)]
    [InlineData("https", "chat.example.org", "http://chat.example.org", false)]
    [InlineData("https", "chat.example.org", "https://evil.chat.example.org", false)]
    [InlineData("https", "chat.example.org", "https://chat.example.org.evil", false)]
    [InlineData("https", "chat.example.org", "null", false)]
    [InlineData("https", "chat.example.org", "", false)]
    public async Task The_page_that_asked_must_be_ours_as_a_trusted_proxy_names_us(string scheme, string host, string origin, bool isOurs)
    {
        var http = new DefaultHttpContext();
        (http.Request.Scheme, http.Request.Host) = (scheme, new HostString(host));

        Assert.Equal(isOurs, await Passkeys.IsOursAsync(new PasskeyOriginValidationContext { HttpContext = http, Origin = origin, CrossOrigin = false, TopOrigin = null }));
        Assert.False(await Passkeys.IsOursAsync(new PasskeyOriginValidationContext { HttpContext = http, Origin = origin, CrossOrigin = true, TopOrigin = origin }));
    }

    public static TheoryData<string> Junk => ["", "null", "{}", "[]", "{\"id\":1}", new string('x', 10_000), """{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{},"clientExtensionResults":{}}"""];

    [Theory]
    [MemberData(nameof(Junk))]
    public async Task What_no_device_made_lets_nobody_in_and_is_not_kept(string credential)
    {
        using var ann = await app.SignUpAsync(name);
        using var visitor = app.Visitor();

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(visitor, "/accounts/sign-in", "/accounts/sign-in/passkey", credential)).StatusCode); // nothing was asked
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(visitor, "/accounts/sign-in", "/accounts/sign-in/passkey?handler=ask", "")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(visitor, "/accounts/sign-in", "/accounts/sign-in/passkey", credential)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Http.GetAsync("/me")).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(ann, "/me", "/me/security/passkeys?handler=ask", "")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(ann, "/me", "/me/security/passkeys", credential)).StatusCode);
        Assert.Empty((await ann.GetPageAsync("/me/security/passkeys")).QuerySelectorAll(".rows li"));
    }

    [Fact]
    public async Task What_is_asked_says_nothing_of_who_has_an_account()
    {
        using var ann = await app.SignUpAsync(name);
        using var visitor = app.Visitor();

        var asked = await (await PostAsync(visitor, "/accounts/sign-in", "/accounts/sign-in/passkey?handler=ask", "")).Content.ReadAsStringAsync();

        using var json = System.Text.Json.JsonDocument.Parse(asked);
        Assert.Equal("required", json.RootElement.GetProperty("userVerification").GetString());
        Assert.False(json.RootElement.TryGetProperty("allowCredentials", out var allowed) && allowed.GetArrayLength() > 0);
        using var nobody = app.Visitor();
        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync(nobody, "/accounts/sign-in", "/me/security/passkeys?handler=ask", "", accept: "text/html")).StatusCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(Person person, string page, string address, string credential, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent([new("credential", credential)]) };
        request.Headers.Accept.ParseAdd(accept);
        request.Headers.Add("RequestVerificationToken", await person.TokenAsync(page));
        return await person.Http.SendAsync(request);
    }
}
