using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using WebChat.Shared;

namespace WebChat.Accounts.Factors;

/// <summary>
/// Between the right password and the code: a cookie that says whose password it was, for five minutes. It is no session and opens nothing
/// but the page that asks for the code; a new password ends it.
/// </summary>
internal sealed class HalfWay(IDataProtectionProvider protection, UserStore users, TimeProvider clock)
{
    private const string CookieName = "webchat-half";

    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    private readonly IDataProtector protector = protection.CreateProtector("WebChat.HalfWay");

    public void Begin(HttpContext http, User user) =>
        http.Response.Cookies.Append(CookieName, protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{user.Id} {user.Stamp} {clock.Now()}")), Options(http));

    /// <returns>Whose password was right in this browser, or null.</returns>
    public async Task<User?> FindAsync(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[CookieName] is { } cookie && protector.Unprotect(cookie).Split(' ') is [var id, var stamp, var begun]
                && clock.Now() - long.Parse(begun, NumberStyles.None, CultureInfo.InvariantCulture) < (long)GoodFor.TotalMilliseconds
                && await users.FindByIdAsync(id, http.RequestAborted) is { DisabledAt: null } user && string.Equals(user.Stamp, stamp, StringComparison.Ordinal) ? user : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void End(HttpContext http) => http.Response.Cookies.Delete(CookieName, Options(http));

    private static CookieOptions Options(HttpContext http) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = GoodFor, Path = "/accounts/sign-in", IsEssential = true };
}
