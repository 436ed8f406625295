using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace WebChat.Accounts;

/// <summary>
/// A cookie that says who signed in on this device last. Their failed sign-ins are counted for the device and not for its address,
/// so that nobody else at that address can lock them out. It lets nobody in.
/// </summary>
internal sealed class KnownDevice(IDataProtectionProvider protection)
{
    private const string CookieName = "webchat-device";

    private static readonly TimeSpan Age = TimeSpan.FromDays(180);

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("WebChat.KnownDevice").ToTimeLimitedDataProtector();

    /// <returns>The device's id, or null where the user has not signed in on it.</returns>
    public string? Find(HttpContext http, long userId) => Read(http) is { } known && known.UserId == userId ? known.Device : null;

    /// <summary>Notes that the user has signed in on this device.</summary>
    public void Remember(HttpContext http, long userId)
    {
        var device = Find(http, userId) ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var cookie = protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{userId} {device}"), Age);
        http.Response.Cookies.Append(SessionCookie.NameFor(http, CookieName), cookie, new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = Age, Path = "/", IsEssential = true,
        });
    }

    private (long UserId, string Device)? Read(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[SessionCookie.NameFor(http, CookieName)] is { } cookie && protector.Unprotect(cookie).Split(' ') is [var user, var device]
                ? (long.Parse(user, NumberStyles.None, CultureInfo.InvariantCulture), device)
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
