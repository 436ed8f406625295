using Microsoft.AspNetCore.Mvc.Filters;
using WebChat.Accounts.Proof;
using WebChat.Shared;

namespace WebChat.Admin;

/// <summary>A page outside /admin that administrators see more of than others: it asks them for the password as those below /admin do. Who develops is not asked.</summary>
internal sealed class AsksAdministrators : IAsyncPageFilter
{
    private readonly AsksForPasswordAttribute asks = new(ConfirmModel.Address);

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next) =>
        context.HttpContext.User.IsAdmin() && !context.HttpContext.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment()
            ? asks.OnPageHandlerExecutionAsync(context, next) : next();
}
