using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Mail;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>
/// From an address to a code that proves it, for registration, for a forgotten password and for a new address. Whether the address is known shows
/// in its mailbox only.
/// </summary>
internal sealed class CodeFlow(
    Codes codes, Mailer mailer, UserManager<User> users, Site site, RateLimits rates, IOptionsMonitor<Limits> limits,
    IDataProtectionProvider protection, IStringLocalizer<Texts> text)
{
    public const string Register = "register";
    public const string Reset = "reset";

    private const string Email = "email";

    /// <summary>The purpose of a code that proves a new address of this user's: of no use to anybody else.</summary>
    public static string EmailOf(long userId) => $"{Email} {userId.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    private const string CookieName = "webchat-flow";
    private const string Lately = "This address was sent a mail a moment ago. Try again in {0} seconds.";
    private const string Away = "Codes cannot be sent or checked right now. Try again soon.";

    private static readonly TimeSpan CookieAge = TimeSpan.FromHours(1);

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("WebChat.CodeFlow").ToTimeLimitedDataProtector();

    /// <summary>Where this browser asked a code to be sent, or null: then it is at the first step.</summary>
    public async Task<SendAgain?> SentAsync(HttpContext http, string purpose) =>
        Read(http, purpose) is { } begun ? new SendAgain(AddressOf(purpose), begun.Email, (int)Math.Ceiling((await WaitAsync(begun.Email, purpose, begun.Flow)).TotalSeconds)) : null;

    /// <summary>The first step: mails a code to the address that was typed, or says beside its field why not.</summary>
    /// <returns>True when the second step can follow.</returns>
    public async Task<bool> TrySendAsync(PageModel page, string purpose, string email)
    {
        if (!AccountRules.IsEmail(email))
        {
            page.ModelState.AddModelError("Email", text["This is not an e-mail address."]);
            return false;
        }
        if (await SendAsync(page.HttpContext, purpose, email) is not { } refusal)
            return true;
        page.ModelState.AddModelError("Email", refusal);
        return false;
    }

    /// <summary>The second step, before anything else: false, and said beside the field, for one who tries too often.</summary>
    public async Task<bool> MayTryAsync(PageModel page)
    {
        if (await rates.TakeAsync("code-check", page.HttpContext.Address(), limits.CurrentValue.CodeChecksPerHour, TimeSpan.FromHours(1)) is not { } wait)
            return true;
        page.ModelState.AddModelError("Code", text["Too many tries. Try again in {0} seconds.", TooMany.Say(page.HttpContext, wait)]);
        return false;
    }

    /// <summary>The second step, when all the rest is right: uses the code up, or says beside its field that it is not the one this browser's flow waits for.</summary>
    public async Task<bool> TryUseAsync(PageModel page, string purpose, string code)
    {
        var isRight = Read(page.HttpContext, purpose) is { } begun ? await codes.TryUseAsync(users.NormalizeEmail(begun.Email), purpose, begun.Flow, code.Replace(" ", "", StringComparison.Ordinal)) : false;
        if (isRight is not true)
        {
            page.ModelState.AddModelError("Code", text[isRight is null ? Away : "This code is wrong or no longer good. You can ask for a new one."]);
            return false;
        }
        page.Response.Cookies.Delete(CookieName, Options(page.HttpContext, purpose));
        return true;
    }

    private async Task<TimeSpan> WaitAsync(string email, string purpose, string flow) => limits.CurrentValue.CodesPerHour == 0 ? TimeSpan.Zero : await codes.WaitAsync(users.NormalizeEmail(email), purpose, flow);

    /// <summary>Mails a code, and binds it to this browser.</summary>
    /// <returns>Null, or why nothing was sent.</returns>
    private async Task<string?> SendAsync(HttpContext http, string purpose, string email)
    {
        var mailbox = users.NormalizeEmail(email);
        // One address in one browser is one flow, so that a new code voids the old.
        var flow = Read(http, purpose) is { } begun && string.Equals(users.NormalizeEmail(begun.Email), mailbox, StringComparison.Ordinal)
            ? begun.Flow
            : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var pause = await WaitAsync(email, purpose, flow);
        if (pause > TimeSpan.Zero)
            return text[Lately, TooMany.Say(http, pause)];
        if (await rates.TakeAsync(purpose.Split(' ')[0], http.Address(), limits.CurrentValue.RegistrationsPerHour, TimeSpan.FromHours(1)) is { } wait)
            return text["Many codes were asked for from where you are. Try again in {0} minutes.", (int)Math.Ceiling(TimeSpan.FromSeconds(TooMany.Say(http, wait)).TotalMinutes)];
        if (await rates.TakeAsync("code", mailbox, limits.CurrentValue.CodesPerHour, TimeSpan.FromHours(1)) is { } full)
            return text[Lately, TooMany.Say(http, full)];
        var isKnown = await users.FindByEmailAsync(email) is not null;
        if (await codes.MakeAsync(mailbox, purpose, flow, isGood: isKnown == purpose is Reset) is not { } code)
            return text[Away];
        if (await LetterAsync(purpose, email, isKnown, code) is { } letter)
            await mailer.PostAsync(letter);
        http.Response.Cookies.Append(CookieName, protector.Protect($"{purpose}\n{flow}\n{email}", CookieAge), Options(http, purpose));
        return null;
    }

    /// <remarks>It holds no link: a request names its host itself, and whoever sends one would choose where the link leads.</remarks>
    private async Task<Letter?> LetterAsync(string purpose, string email, bool isKnown, string code)
    {
        var name = await site.NameAsync();
        var (subject, words) = (purpose, isKnown) switch
        {
            (Register, false) => (text["Your code for {0}", name], text["Your code is {0}. It is good for ten minutes.\n\nIf you did not ask to join {1}, do nothing.", code, name]),
            (Register, true) => (text["Your account at {0}", name], text["You already have an account at {0}. Sign in with it, or set a new password there.\n\nIf you did not ask to join, do nothing.", name]),
            (Reset, false) => (null, null),
            (not Reset, false) => (text["Your code for {0}", name], text["Your code is {0}. It is good for ten minutes.\n\nIf you did not ask to have your mail from {1} sent to this address, do nothing.", code, name]),
            (not Reset, true) => (text["Your account at {0}", name], text["Somebody wanted the mail of another account at {0} sent to this address, which has an account already. Nothing has changed.\n\nIf it was you, take another address there, or delete the account you do not need.", name]),
            (_, true) => (text["Your code for {0}", name], text["Your code is {0}. It is good for ten minutes.\n\nIf you did not ask for a new password at {1}, do nothing: nothing has changed.", code, name]),
        };
        return subject is null ? null : new Letter { To = email, Subject = subject, Text = words!, Sender = name };
    }

    private (string Flow, string Email)? Read(HttpContext http, string purpose)
    {
        try
        {
            return http.Request.Cookies[CookieName] is { } cookie && protector.Unprotect(cookie).Split('\n') is [var kind, var flow, var email] && string.Equals(kind, purpose, StringComparison.Ordinal)
                ? (flow, email)
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string AddressOf(string purpose) => purpose is Register or Reset ? $"/accounts/{purpose}" : "/me/email";

    private static CookieOptions Options(HttpContext http, string purpose) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = CookieAge, Path = purpose is Register or Reset ? "/accounts" : "/me", IsEssential = true };
}
