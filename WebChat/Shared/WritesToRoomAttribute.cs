using Microsoft.AspNetCore.Mvc.Filters;

namespace WebChat.Shared;

/// <summary>A page whose posts put something into a room, where everybody reads it: they count as messages do.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class WritesToRoomAttribute : Attribute, IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsPost(http.Request.Method) && await http.RequestServices.GetRequiredService<PostAllowance>().TakeAsync(http.User.Id()) is { } wait)
            context.Result = TooMany.Answer(http, wait);
        else
            await next();
    }
}
