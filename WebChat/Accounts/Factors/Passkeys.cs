using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using WebChat.Shared;

namespace WebChat.Accounts.Factors;

/// <summary>
/// Passkeys, by the framework's own handler: it makes what the browser is asked and checks what it answers. What was asked waits in a cookie of
/// the browser, for five minutes. The device itself has seen its owner (user verification is required), so one passkey is both steps of a sign-in.
/// </summary>
internal sealed class Passkeys(IPasskeyHandler<User> handler, PasskeyStore store, IDataProtectionProvider protection, TimeProvider clock)
{
    public const int LongestName = 40;

    private const string CookieName = "webchat-passkey";

    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("WebChat.Passkeys").ToTimeLimitedDataProtector();

    /// <summary>What <c>navigator.credentials.create()</c> is to be asked, for a new passkey of the user's.</summary>
    public async Task<string> AskToCreateAsync(HttpContext http, User user)
    {
        var options = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = user.Id.ToString(CultureInfo.InvariantCulture), Name = user.Account, DisplayName = user.Nickname }, http);
        Keep(http, $"create {user.Id.ToString(CultureInfo.InvariantCulture)}", options.AttestationState);
        return options.CreationOptionsJson;
    }

    /// <summary>Stores the passkey that the browser made.</summary>
    /// <returns>False when it is not what was asked for, or there are too many.</returns>
    public async Task<bool> AddAsync(HttpContext http, User user, string credential, string name)
    {
        if (Take(http, $"create {user.Id.ToString(CultureInfo.InvariantCulture)}") is not { State: var state })
            return false;
        var made = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = credential, AttestationState = state });
        if (!made.Succeeded || !string.Equals(made.UserEntity.Id, user.Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            return false;
        made.Passkey.Name = name;
        return await store.AddAsync(user.Id, made.Passkey);
    }

    /// <summary>What <c>navigator.credentials.get()</c> is to be asked: any passkey of this house, so that nobody is told who has one.</summary>
    public async Task<string> AskToSignInAsync(HttpContext http)
    {
        var options = await handler.MakeRequestOptionsAsync(null, http);
        Keep(http, "get", options.AssertionState);
        return options.RequestOptionsJson;
    }

    /// <returns>Whose passkey the browser showed, or null.</returns>
    public async Task<User?> CheckAsync(HttpContext http, string credential)
    {
        if (Take(http, "get") is not { State: var state, AskedAt: var askedAt })
            return null;
        var shown = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = credential, AssertionState = state });
        return shown is { Succeeded: true, Passkey.IsUserVerified: true, User: { IsBot: false, DisabledAt: null } user } && await store.UseAsync(user.Id, shown.Passkey, askedAt) ? user : null;
    }

    /// <summary>The page that asks must be ours: behind a trusted proxy as that names us, else as the browser does.</summary>
    public static ValueTask<bool> IsOursAsync(PasskeyOriginValidationContext asked)
    {
        var request = asked.HttpContext.Request;
        return new(!asked.CrossOrigin && Uri.TryCreate(asked.Origin, UriKind.Absolute, out var origin) && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var ours)
            && string.Equals(origin.Scheme, ours.Scheme, StringComparison.OrdinalIgnoreCase) && string.Equals(origin.Authority, ours.Authority, StringComparison.OrdinalIgnoreCase));
    }

    private void Keep(HttpContext http, string purpose, string? state) =>
        http.Response.Cookies.Append(CookieName, protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{purpose}\n{clock.Now()}\n{state}"), GoodFor), Options(http));

    /// <summary>What was asked, and when. The browser is told to forget it; an answer that is shown again is known by the key's last use.</summary>
    private (string State, long AskedAt)? Take(HttpContext http, string purpose)
    {
        http.Response.Cookies.Delete(CookieName, Options(http));
        try
        {
            return http.Request.Cookies[CookieName] is { } cookie && protector.Unprotect(cookie).Split('\n', 3) is [var kept, var at, var state] && string.Equals(kept, purpose, StringComparison.Ordinal)
                ? (state, long.Parse(at, NumberStyles.None, CultureInfo.InvariantCulture)) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static CookieOptions Options(HttpContext http) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = GoodFor, Path = "/", IsEssential = true };
}
