using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Accounts.Proof;

/// <summary>
/// A page for those who showed lately that they know the password. Others are asked for it first, and come back to the page; what a form
/// of theirs held is not done.
/// </summary>
/// <param name="at">The page that asks.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AsksForPasswordAttribute(string at = ConfirmModel.Address) : Attribute, IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (http.RequestServices.GetRequiredService<PasswordProof>().IsGood(http.User))
        {
            await next();
            return;
        }
        var request = http.Request;
        var address = $"{at}?returnUrl={Uri.EscapeDataString(request.Path + (HttpMethods.IsGet(request.Method) ? request.QueryString : QueryString.Empty))}";
        if (request.WantsJson())
        {
            context.Result = new JsonResult(new { error = http.RequestServices.GetRequiredService<IStringLocalizer<Texts>>()["Confirm your password first."].Value, confirm = address }) { StatusCode = StatusCodes.Status403Forbidden };
        }
        else if (request.IsHtmx())
        {
            http.Response.HtmxRedirect(address);
            context.Result = new StatusCodeResult(StatusCodes.Status403Forbidden);
        }
        else
        {
            context.Result = new RedirectResult(address);
        }
    }
}
