using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace WebChat.Shared;

/// <summary>A page that takes no posts says so. Otherwise it would be drawn without having read what it shows.</summary>
internal sealed class TakesNoPosts : IPageFilter, IOrderedFilter
{
    /// <summary>After all others: who may not come here at all hears that first.</summary>
    public int Order => int.MaxValue;

    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
        // It is only looked at.
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        var method = context.HttpContext.Request.Method;
        if (context.HandlerMethod is null && !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
        // What was done is done.
    }
}
