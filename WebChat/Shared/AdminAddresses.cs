using Microsoft.AspNetCore.Authentication;

namespace WebChat.Shared;

/// <summary>
/// Everything below <c>/admin</c> is for administrators. For anybody else nothing stands there: routing is asked for an address that nobody ever
/// made, and so the request gets what that gets, whatever it asks for and however.
/// </summary>
internal static class AdminAddresses
{
    public const string Root = "/admin";

    private const string Missing = "/nothing-stands-here";

    private static readonly object Asked = new();

    /// <summary>Routing, with the administrators' addresses hidden from it for everybody else.</summary>
    public static void UseRoutingBehindAdmin(this WebApplication app)
    {
        app.Use(async (http, next) =>
        {
            // Who asks is known before where to, for these addresses alone; authentication remembers it.
            if (http.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase) && (await http.AuthenticateAsync()).Principal?.IsAdmin() != true)
            {
                http.Items[Asked] = http.Request.Path;
                http.Request.Path = Missing;
            }
            await next(http);
        });
        app.UseRouting();
        app.Use((http, next) =>
        {
            if (http.Items.TryGetValue(Asked, out var path))
            {
                http.Request.Path = (PathString)path!; // a visitor comes back to it from the sign-in
                http.SetEndpoint(null); // while developing, files have one for every address, which takes GET alone
                http.Request.RouteValues.Clear();
            }
            return next(http);
        });
    }
}
