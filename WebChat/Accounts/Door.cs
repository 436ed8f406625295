using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>Where an anonymous visitor of a private page is sent, in the way each kind of asker understands.</summary>
internal static class Door
{
    public static async Task ShowAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        var http = context.HttpContext;
        var site = http.RequestServices.GetRequiredService<Site>();
        var address = await site.IsSetUpAsync() ? SignInAddress(http.Request) : "/setup";
        if (http.Request.WantsJson())
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else if (http.Request.Headers.ContainsKey("HX-Request"))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.HtmxRedirect(address);
        }
        else
        {
            http.Response.Redirect(address);
        }
    }

    /// <summary>While there is no user, every page is the set-up page.</summary>
    public static void UseFirstRun(this IApplicationBuilder app) =>
        app.Use(async (http, next) =>
        {
            var isPage = http.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Mvc.RazorPages.PageActionDescriptor>() is { ViewEnginePath: not "/Accounts/FirstRun" };
            if (isPage && !await http.RequestServices.GetRequiredService<Site>().IsSetUpAsync())
                http.Response.Redirect("/setup");
            else
                await next(http);
        });

    /// <summary>Back to where one was: the page itself, or for a part or a form the page that showed it.</summary>
    private static string SignInAddress(HttpRequest request)
    {
        var isPart = request.Headers.ContainsKey("HX-Request");
        string? back = null;
        if (isPart && Uri.TryCreate(request.Headers["HX-Current-URL"], UriKind.Absolute, out var shown))
            back = shown.PathAndQuery;
        else if (!isPart && HttpMethods.IsGet(request.Method))
            back = request.PathBase + request.Path + request.QueryString;
        return back is null or "/" ? "/accounts/sign-in" : "/accounts/sign-in?returnUrl=" + Uri.EscapeDataString(back);
    }
}
