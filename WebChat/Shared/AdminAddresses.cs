using Microsoft.AspNetCore.Http.Features;

namespace WebChat.Shared;

/// <summary>
/// Everything below <c>/admin</c> is for administrators. For anybody else nothing stands there: the request goes on as one to an address that
/// nobody ever made, and so gets what that gets, whatever it asks for and however.
/// </summary>
internal static class AdminAddresses
{
    public const string Root = "/admin";

    /// <summary>After authentication, and before anything looks at what was asked for.</summary>
    public static void UseAdminAddresses(this IApplicationBuilder app) =>
        app.Use((http, next) =>
        {
            if (http.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase) && !http.User.IsAdmin())
                Forget(http);
            return next(http);
        });

    private static void Forget(HttpContext http)
    {
        http.SetEndpoint(null);
        http.Request.RouteValues.Clear();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = HostileInput.MostBytes; // as routing found it
    }
}
