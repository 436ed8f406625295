using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using WebChat.Accounts.Factors;
using WebChat.Storage;

namespace WebChat.Tests.Accounts.Factors;

/// <summary>A code after the password.</summary>
public sealed class TwoStepTests : IDisposable
{
    private readonly ShiftedClock clock = new();
    private readonly App app;

    public TwoStepTests() => app = new App(services => services.AddSingleton<TimeProvider>(clock));

    public void Dispose() => app.Dispose();

    /// <summary>The vectors of RFC 6238, appendix B, for SHA-1; six digits are the last six of its eight.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void The_code_of_a_moment_is_the_standards(long seconds, string code)
    {
        const string Secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; // "12345678901234567890"
        DateTimeOffset At(int later) => DateTimeOffset.FromUnixTimeSeconds(seconds + later);

        Assert.Equal(seconds / 30, Totp.StepOf(Secret, code, At(0)));
        Assert.Equal(seconds / 30, Totp.StepOf(Secret, code, At(30)));
        Assert.Equal(seconds / 30, Totp.StepOf(Secret, code, At(-30)));
        Assert.Null(Totp.StepOf(Secret, code, At(61)));
        Assert.Null(Totp.StepOf(Secret, code, At(-91)));
        Assert.Null(Totp.StepOf(Secret, "", At(0)));
    }

    [Fact]
    public async Task The_right_password_alone_is_no_session_any_more()
    {
        using var ann = await app.SignUpAsync("ann");
        var (key, _) = await TurnOnAsync(ann);
        using var device = app.Visitor();

        var answer = await device.SubmitAsync("/accounts/sign-in?returnUrl=%2Fme%2Fsecurity", "Sign in", ("Account or e-mail", "ann"), ("Password", App.Password));

        Assert.Equal("/accounts/sign-in/code?ReturnUrl=%2Fme%2Fsecurity", answer.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Redirect, (await device.Http.GetAsync("/me")).StatusCode);
        var page = await device.FollowAsync(answer);
        var wrong = await Person.ReadAsync(await device.SubmitAsync(page, "Sign in", ("Code", "000000")));
        Assert.NotNull(wrong.GetElementById("code-error"));
        Assert.Equal(HttpStatusCode.Redirect, (await device.Http.GetAsync("/me")).StatusCode);

        var right = await device.SubmitAsync(page, "Sign in", ("Code", Next(key)));

        Assert.Equal("/me/security", right.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await device.Http.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_reads_the_same_with_and_without_it()
    {
        using var ann = await app.SignUpAsync("ann");
        using var ben = await app.SignUpAsync("ben");
        await TurnOnAsync(ann);
        using var visitor = app.Visitor();

        var with = await Person.ReadAsync(await visitor.SignInAsync("ann", "not the password"));
        var without = await Person.ReadAsync(await visitor.SignInAsync("ben", "not the password"));

        Assert.Equal(without.GetElementById("password-error")!.TextContent, with.GetElementById("password-error")!.TextContent);
        Assert.DoesNotContain(visitor.Cookies.GetAllCookies(), c => c.Name == "webchat-half");
    }

    [Fact]
    public async Task A_code_lets_in_once_and_so_does_none_before_it()
    {
        using var ann = await app.SignUpAsync("ann");
        var (key, _) = await TurnOnAsync(ann);
        clock.Pass(TimeSpan.FromMinutes(2));
        var (earlier, now) = (CodeAt(key, -30), CodeAt(key, 0));
        using var first = await HalfInAsync();
        using var second = await HalfInAsync();

        Assert.True(await TryAsync(first, now));

        Assert.False(await TryAsync(second, now));
        Assert.False(await TryAsync(second, earlier));
        Assert.True(await TryAsync(second, CodeAt(key, 30)));
    }

    [Fact]
    public async Task A_recovery_code_lets_in_once_and_its_owner_is_told()
    {
        using var ann = await app.SignUpAsync("ann");
        var (_, codes) = await TurnOnAsync(ann);
        Assert.Equal(10, codes.Distinct(StringComparer.Ordinal).Count());
        var mails = app.MailsTo(ann.Email);
        using var first = await HalfInAsync();
        using var second = await HalfInAsync();

        Assert.True(await TryAsync(first, codes[3].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal), recovery: true));

        Assert.False(await TryAsync(second, codes[3], recovery: true));
        Assert.Equal(mails + 1, app.MailsTo(ann.Email));
        Assert.Contains("9 recovery codes left.", (await ann.GetPageAsync("/me/security")).Body!.TextContent, StringComparison.Ordinal);
        var stored = await app.Get<Database>().ReadAsync(c => c.QueryAsync<string>("SELECT hash FROM recovery_codes UNION ALL SELECT secret FROM two_step"));
        Assert.DoesNotContain(stored, s => codes.Any(code => s.Contains(code, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task Five_wrong_ones_lock_it_for_all_devices_but_those_that_are_known()
    {
        using var ann = await app.SignUpAsync("ann");
        var (key, _) = await TurnOnAsync(ann);
        await ann.SubmitAsync("/me", "Sign out");
        using var thief = await HalfInAsync();
        for (var i = 0; i < 5; i++)
            Assert.False(await TryAsync(thief, "000000"));

        using var other = await HalfInAsync();
        Assert.False(await TryAsync(thief, Next(key)));
        Assert.False(await TryAsync(other, Next(key)));
        await ann.SignInAsync();
        Assert.True(await TryAsync(ann, Next(key)));
        clock.Pass(TimeSpan.FromMinutes(16));
        using var late = await HalfInAsync();
        Assert.True(await TryAsync(late, CodeAt(key, 0)));
    }

    [Fact]
    public async Task Half_way_is_five_minutes_long_is_this_browsers_and_ends_with_the_password()
    {
        using var ann = await app.SignUpAsync("ann");
        var (key, _) = await TurnOnAsync(ann);
        using var nobody = app.Visitor();
        Assert.Equal("/accounts/sign-in", (await nobody.Http.GetAsync("/accounts/sign-in/code")).Headers.Location!.OriginalString);
        using var slow = await HalfInAsync();
        var page = await slow.GetPageAsync("/accounts/sign-in/code");

        clock.Pass(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        Assert.Equal("/accounts/sign-in", (await slow.SubmitAsync(page, "Sign in", ("Code", CodeAt(key, 0)))).Headers.Location!.OriginalString);

        using var thief = await HalfInAsync();
        await ann.SubmitAsync("/me/security", "Change password", ("Current password", App.Password), ("New password", "quite another phrase"));
        Assert.Equal("/accounts/sign-in", (await thief.Http.GetAsync("/accounts/sign-in/code")).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Half_way_to_one_account_is_no_step_into_another()
    {
        using var ann = await app.SignUpAsync("ann");
        using var mallory = await app.SignUpAsync("mallory");
        var (annsKey, _) = await TurnOnAsync(ann);
        var (key, _) = await TurnOnAsync(mallory);
        using var thief = await HalfInAsync("ann");

        Assert.False(await TryAsync(thief, Next(key)));

        // Nor does the form of one person set up another's.
        using var cas = await app.SignUpAsync("cas");
        using var dan = await app.SignUpAsync("dan");
        var page = await cas.GetPageAsync("/me/security/two-step");
        var theirs = (await dan.GetPageAsync("/me/security/two-step")).QuerySelector("input[name=SetUp]")!.GetAttribute("value")!;
        page.QuerySelector("input[name=SetUp]")!.SetAttribute("value", theirs);
        Assert.Equal("/me/security/two-step", (await cas.SubmitAsync(page, "Turn on", ("Code", "000000"))).Headers.Location!.OriginalString);
        Assert.NotEqual(annsKey, key);
    }

    [Fact]
    public async Task It_is_turned_on_by_a_right_code_alone_and_off_by_the_password_and_a_code()
    {
        using var ann = await app.SignUpAsync("ann");
        var page = await ann.GetPageAsync("/me/security/two-step");
        var key = Key(page);
        Assert.Contains($"secret={key}&", page.QuerySelector("a[href^='otpauth://totp/']")!.GetAttribute("href"), StringComparison.Ordinal); // for an app on the same telephone
        page = await Person.ReadAsync(await ann.SubmitAsync(page, "Turn on", ("Code", "000000")));
        Assert.NotNull(page.GetElementById("code-error"));
        Assert.Equal(key, Key(page)); // what was scanned stays
        Assert.Equal(HttpStatusCode.OK, (await ann.SubmitAsync(page, "Turn on", ("Code", CodeAt(key, 0)))).StatusCode);
        Assert.Equal(1, app.MailsTo(ann.Email)); // the first person was mailed no code

        Assert.NotNull((await OffAsync(ann, "not my password", Next(key))).GetElementById("password-error"));
        Assert.NotNull((await OffAsync(ann, App.Password, "000000")).GetElementById("code-error"));
        await OffAsync(ann, App.Password, Next(key));

        using var device = app.Visitor();
        Assert.Equal("/", (await device.SignInAsync("ann")).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task New_recovery_codes_end_the_old()
    {
        using var ann = await app.SignUpAsync("ann");
        var (_, old) = await TurnOnAsync(ann);

        var codes = Codes(await Person.ReadAsync(await ann.SubmitAsync("/me/security/two-step", "New recovery codes")));

        Assert.Empty(codes.Intersect(old, StringComparer.Ordinal));
        using var device = await HalfInAsync();
        Assert.False(await TryAsync(device, old[0], recovery: true));
        Assert.True(await TryAsync(device, codes[0], recovery: true));
        Assert.Empty((await ann.GetPageAsync("/me/security/two-step")).QuerySelectorAll("#recovery-codes"));
    }

    private static async Task<AngleSharp.Html.Dom.IHtmlDocument> OffAsync(Person person, string password, string code) =>
        await person.FollowAsync(await person.SubmitAsync("/me/security/two-step", "Turn off", ("Password", password), ("Code", code)));

    private async Task<(string Key, List<string> Codes)> TurnOnAsync(Person person)
    {
        var page = await person.GetPageAsync("/me/security/two-step");
        var key = Key(page);
        return (key, Codes(await Person.ReadAsync(await person.SubmitAsync(page, "Turn on", ("Code", CodeAt(key, 0))))));
    }

    private async Task<Person> HalfInAsync(string account = "ann")
    {
        var device = app.Visitor();
        var answer = await device.SignInAsync(account);
        Assert.Equal("/accounts/sign-in/code", answer.Headers.Location!.OriginalString);
        return device;
    }

    private static async Task<bool> TryAsync(Person device, string code, bool recovery = false) =>
        (await device.SubmitAsync($"/accounts/sign-in/code{(recovery ? "?recovery=true" : "")}", "Sign in", (recovery ? "Recovery code" : "Code", code))).StatusCode == HttpStatusCode.Redirect;

    private static string Key(AngleSharp.Html.Dom.IHtmlDocument page) => Regex.Replace(page.GetElementById("key")!.TextContent, @"\s", "", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static List<string> Codes(AngleSharp.Html.Dom.IHtmlDocument page) => [.. page.QuerySelectorAll("#recovery-codes code").Select(c => c.TextContent)];

    private string Next(string key) => CodeAt(key, 30);

    private string CodeAt(string key, int seconds) => Totp.CodeAt(key, clock.GetUtcNow().AddSeconds(seconds));
}
