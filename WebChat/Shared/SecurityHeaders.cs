using Microsoft.Extensions.Primitives;

namespace WebChat.Shared;

/// <summary>What browsers are told with every answer: run and load our own things only, keep nothing private.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; " +
        "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>For a file that somebody uploaded: nothing in it runs or loads.</summary>
    public const string UploadPolicy = "default-src 'none'; sandbox";

    public static void UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use((http, next) =>
        {
            http.Response.OnStarting(static state => Add((HttpContext)state), http);
            return next(http);
        });

    private static Task Add(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.TryAdd("Content-Security-Policy", Policy);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self)";
        // What may be kept has said so by now: our own files and pictures.
        if (StringValues.IsNullOrEmpty(headers.CacheControl) || headers.CacheControl.ToString().Contains("no-store", StringComparison.Ordinal))
        {
            headers.CacheControl = "no-store";
            headers.Append("Vary", "HX-Request");
        }
        return Task.CompletedTask;
    }
}
