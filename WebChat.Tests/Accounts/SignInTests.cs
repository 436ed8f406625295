using System.Net;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.Http;
using WebChat.Accounts;
using WebChat.Storage;

namespace WebChat.Tests.Accounts;

public sealed class SignInTests(App app) : IClassFixture<App>
{
    private static string NewName(string prefix) => prefix + Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task By_account_in_any_case_or_by_mail_address()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));

        foreach (var login in new[] { ann.Account, ann.Account.ToUpperInvariant(), ann.Email, $" {ann.Email.ToUpperInvariant()} " })
        {
            using var device = app.Visitor();
            var answer = await device.SignInAsync(login);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await device.Http.GetAsync("/me")).StatusCode);
        }
    }

    [Fact]
    public async Task Unknown_wrong_and_locked_read_the_same()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        using var visitor = app.Visitor();

        var unknown = await ErrorAsync(visitor, NewName("no"), App.Password);
        var wrong = await ErrorAsync(visitor, ann.Account, "not the password");
        for (var i = 0; i < 4; i++)
            await ErrorAsync(visitor, ann.Account, "not the password");
        var locked = await ErrorAsync(visitor, ann.Account, App.Password);

        Assert.NotEmpty(unknown);
        Assert.Equal(unknown, wrong);
        Assert.Equal(unknown, locked);
    }

    [Fact]
    public async Task Who_signed_in_on_a_device_before_is_not_locked_out_there_by_others_at_the_same_address()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        using var mallory = await app.SignUpAsync(NewName("mal")); // known here too, but as herself
        await ann.SubmitAsync("/me", "Sign out");
        await mallory.SubmitAsync("/me", "Sign out");
        using var visitor = app.Visitor();
        for (var i = 0; i < 5; i++)
            await ErrorAsync(visitor, ann.Account, "not the password");

        await ErrorAsync(visitor, ann.Account, App.Password);
        await ErrorAsync(mallory, ann.Account, App.Password);
        Assert.Equal(HttpStatusCode.Redirect, (await ann.SignInAsync()).StatusCode);
    }

    [Fact]
    public async Task A_known_device_is_locked_by_its_own_failures_and_only_itself()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        await ann.SubmitAsync("/me", "Sign out");
        for (var i = 0; i < 5; i++)
            await ErrorAsync(ann, ann.Account, "not the password");

        await ErrorAsync(ann, ann.Account, App.Password);
        using var visitor = app.Visitor();
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(ann.Account)).StatusCode);
    }

    [Fact]
    public async Task Known_devices_of_one_address_have_no_more_tries_together_than_somebody_unknown()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        var id = await ann.IdAsync();
        var known = app.Get<KnownDevice>();
        using var forger = app.Visitor(); // has the keys, and writes a new cookie for each try
        for (var i = 0; i < 5; i++)
        {
            Renew(forger, known, id);
            await ErrorAsync(forger, ann.Account, "not the password");
        }

        Renew(forger, known, id);
        await ErrorAsync(forger, ann.Account, App.Password);
        using var visitor = app.Visitor();
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(ann.Account)).StatusCode);
    }

    private void Renew(Person forger, KnownDevice known, long userId)
    {
        foreach (Cookie old in forger.Cookies.GetAllCookies())
            old.Expired = old.Name == "webchat-device";
        var answer = new DefaultHttpContext();
        known.Remember(answer, userId);
        forger.Cookies.SetCookies(app.Address, answer.Response.Headers.SetCookie.ToString());
    }

    [Fact]
    public async Task Names_that_nobody_has_take_no_memory_however_many_and_long_they_are()
    {
        using var somebody = await app.SignUpAsync(NewName("yes"));
        using var visitor = app.Visitor();
        var unknown = await ErrorAsync(visitor, NewName("no"), App.Password);
        var before = app.Get<Lockouts>().Count;

        foreach (var name in new[] { NewName("no"), NewName("no") + "@example.org", new string('a', 10_000), new string('a', 10_000) + "@example.org" })
            Assert.Equal(unknown, await ErrorAsync(visitor, name, App.Password));

        Assert.Equal(before, app.Get<Lockouts>().Count);
    }

    [Fact]
    public async Task A_browser_whose_name_is_cut_within_a_character_comes_in_like_any_other()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        using var line = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        using var device = new Person(app.Address, "", line: line);
        Assert.True(device.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", new string('a', 299) + "😀"));

        Assert.Equal(HttpStatusCode.Redirect, (await device.SignInAsync(ann.Account)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await device.Http.GetAsync("/me/security")).StatusCode);
    }

    [Fact]
    public async Task A_made_up_device_is_none()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        using var visitor = app.Visitor();
        visitor.Cookies.Add(new Cookie("webchat-device", "1%20device", "/", app.Address.Host));
        for (var i = 0; i < 5; i++)
            await ErrorAsync(visitor, ann.Account, "not the password");

        visitor.Cookies.Add(new Cookie("webchat-device", "1%20another", "/", app.Address.Host));
        await ErrorAsync(visitor, ann.Account, App.Password);
    }

    [Fact]
    public async Task A_device_is_known_for_half_a_year_by_a_cookie_that_scripts_cannot_read()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        using var device = app.Visitor();

        var answer = await device.SignInAsync(ann.Account);

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("webchat-device=", StringComparison.Ordinal));
        Assert.Contains("max-age=15552000", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<string> ErrorAsync(Person person, string login, string password)
    {
        var answer = await person.SignInAsync(login, password);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await Person.ReadAsync(answer)).GetElementById("password-error")!.TextContent.Trim();
    }

    [Theory]
    [InlineData("/me/security", "/me/security")]
    [InlineData("/rooms?x=1", "/rooms?x=1")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("\t//evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("", "/")]
    public async Task One_goes_on_to_addresses_of_this_house_only(string wanted, string reached)
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        using var device = app.Visitor();

        var answer = await device.SubmitAsync($"/accounts/sign-in?returnUrl={Uri.EscapeDataString(wanted)}", "Sign in", ("Account or e-mail", ann.Account), ("Password", App.Password));

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(reached, answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_visitor_is_sent_to_the_door_and_back()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        using var visitor = app.Visitor();

        var answer = await visitor.Http.GetAsync("/me/security?x=1");

        Assert.Equal("/accounts/sign-in?returnUrl=%2Fme%2Fsecurity%3Fx%3D1", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Htmx_without_a_cookie_is_told_where_to_go()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        using var visitor = app.Visitor();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/me");
        request.Headers.Add("HX-Request", "true");
        request.Headers.Add("HX-Current-URL", new Uri(app.Address, "/contacts").ToString());

        var answer = await visitor.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("/accounts/sign-in?returnUrl=%2Fcontacts", Assert.Single(answer.Headers.GetValues("HX-Redirect")));
    }

    [Fact]
    public async Task Json_without_a_cookie_is_a_401_with_a_sentence()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        using var visitor = app.Visitor();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/me");
        request.Headers.Accept.ParseAdd("application/json");

        var answer = await visitor.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.StartsWith("{\"error\":\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copied_cookie_is_nobody_after_sign_out()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        using var thief = app.Visitor();
        thief.Cookies.Add(ann.Cookies.GetAllCookies());
        Assert.Equal(HttpStatusCode.OK, (await thief.Http.GetAsync("/me")).StatusCode);

        var answer = await ann.SubmitAsync("/me", "Sign out");

        Assert.Equal("\"cache\", \"storage\"", string.Join(", ", answer.Headers.GetValues("Clear-Site-Data")));
        Assert.Equal(HttpStatusCode.Redirect, (await thief.Http.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task A_link_to_sign_out_signs_nobody_out()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));

        await ann.Http.GetAsync("/accounts/sign-out");

        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task Signing_in_makes_a_new_session_and_ends_the_one_brought_along()
    {
        using var mallory = await app.SignUpAsync(NewName("mal"));
        using var ann = await app.SignUpAsync(NewName("ann"));
        using var victim = app.Visitor();
        victim.Cookies.Add(mallory.Cookies.GetAllCookies()); // fixation: a session planted in the victim's browser

        var page = await victim.GetPageAsync("/me");
        var token = page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var answer = await victim.Http.PostAsync("/accounts/sign-in", new FormUrlEncodedContent([new("Login", ann.Account), new("Password", App.Password), new("__RequestVerificationToken", token)]));

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains(ann.Account, (await victim.GetPageAsync("/me")).QuerySelector(".facts")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await mallory.Http.GetAsync("/me")).StatusCode);
    }

    [Theory]
    [InlineData("seen_at", 7)]
    [InlineData("created_at", 30)]
    public async Task A_session_ends_after_seven_idle_days_and_after_thirty_in_any_case(string column, int days)
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        Task AgeAsync(TimeSpan age) => app.Get<Database>().WriteAsync(c => c.ExecuteAsync(
            $"UPDATE sessions SET {column} = @at WHERE user_id = (SELECT id FROM users WHERE account = @Account)",
            new { at = (DateTimeOffset.UtcNow - age).ToUnixTimeMilliseconds(), ann.Account }));

        await AgeAsync(TimeSpan.FromDays(days) - TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync("/me")).StatusCode);
        await AgeAsync(TimeSpan.FromDays(days) + TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Redirect, (await ann.Http.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task A_role_is_lost_at_the_next_request()
    {
        using var own = new App();
        using var admin = await own.SignUpAsync("mei");
        await own.Get<Database>().WriteAsync(c => c.ExecuteAsync("UPDATE users SET is_admin = 0"));

        using var scope = new HttpRequestMessage(HttpMethod.Get, "/me");
        Assert.Equal(HttpStatusCode.OK, (await admin.Http.SendAsync(scope)).StatusCode);
        var sessions = own.Get<WebChat.Accounts.SessionStore>();
        var session = await own.Get<Database>().ReadAsync(c => c.QuerySingleAsync<string>("SELECT id FROM sessions"));
        Assert.False((await sessions.FindAsync(session))!.IsAdmin);
    }

    [Fact]
    public async Task The_cookie_is_http_only_lax_and_holds_no_name()
    {
        using var ann = await app.SignUpAsync(NewName("ann"));
        using var device = app.Visitor();

        var answer = await device.SignInAsync(ann.Account);

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("webchat=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Over_https_the_cookie_is_bound_to_the_host()
    {
        using var own = new App(("WebChat:TrustedProxies", "127.0.0.1, ::1"));
        using var ann = await own.SignUpAsync("ann");
        using var device = own.Visitor();
        device.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        var page = await device.Http.GetAsync("/accounts/sign-in");
        foreach (System.Net.Cookie kept in device.Cookies.GetAllCookies())
            kept.Secure = false; // the test's own line to the proxy is plain
        var token = (await Person.ReadAsync(page)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;

        var answer = await device.Http.PostAsync("/accounts/sign-in", new FormUrlEncodedContent([new("Login", "ann"), new("Password", App.Password), new("__RequestVerificationToken", token)]));

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("__Host-webchat=", StringComparison.Ordinal));
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_eleventh_try_in_a_minute_waits_whatever_address_it_claims()
    {
        using var own = new App(("WebChat:Limits:SignInsPerMinute", "10"));
        using var ann = await own.SignUpAsync("ann");
        using var visitor = own.Visitor();
        HttpResponseMessage? answer = null;
        for (var i = 0; i < 11; i++)
        {
            visitor.Http.DefaultRequestHeaders.Remove("X-Forwarded-For");
            visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-For", $"192.0.2.{i}");
            answer = await visitor.SignInAsync("nobody", "no password");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answer!.StatusCode);
        Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Contains("Too many tries", (await Person.ReadAsync(answer)).GetElementById("password-error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_each_client_is_counted_by_itself()
    {
        using var own = new App(("WebChat:Limits:SignInsPerMinute", "2"), ("WebChat:TrustedProxies", "127.0.0.1,::1"));
        using var ann = await own.SignUpAsync("ann");
        using var visitor = own.Visitor();
        for (var i = 0; i < 6; i++)
        {
            visitor.Http.DefaultRequestHeaders.Remove("X-Forwarded-For");
            visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-For", $"192.0.2.{i}");
            Assert.Equal(HttpStatusCode.OK, (await visitor.SignInAsync("nobody", "no password")).StatusCode);
        }
    }
}
