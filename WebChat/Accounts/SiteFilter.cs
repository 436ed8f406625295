using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace WebChat.Accounts;

/// <summary>Gives every page the installation's name and mark, for its title and its brand.</summary>
internal sealed class SiteFilter(Site site) : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (context.HandlerInstance is PageModel page)
        {
            page.ViewData["Site"] = await site.NameAsync();
            page.ViewData["Logo"] = site.LastLogo;
        }
        await next();
    }
}
