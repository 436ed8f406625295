using Microsoft.AspNetCore.Authentication.Cookies;

namespace WebChat.Accounts;

/// <summary>
/// Over HTTPS the cookie's name begins with <c>__Host-</c>: browsers then take it from this host and over HTTPS only. Over plain
/// HTTP, as on a developer's machine, they would refuse that name.
/// </summary>
internal sealed class SessionCookie : ICookieManager
{
    public const string Name = "webchat";

    private readonly ChunkingCookieManager cookies = new();

    public string? GetRequestCookie(HttpContext context, string key) => cookies.GetRequestCookie(context, NameFor(context, Name));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        cookies.AppendResponseCookie(context, NameFor(context, Name), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        cookies.DeleteCookie(context, NameFor(context, Name), options);

    /// <summary>What a cookie of this host is called on this line.</summary>
    public static string NameFor(HttpContext context, string name) => context.Request.IsHttps ? "__Host-" + name : name;
}
