using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Accounts.Push;

/// <summary>Forgets where a browser of the user's was reached. Another's, and one that never was, are the same nothing.</summary>
internal sealed class UnsubscribeModel(PushStore store) : PageModel
{
    public IActionResult OnGet() => NotFound();

    public async Task<IActionResult> OnPostAsync([FromForm] SubscribeModel.Sent sent) =>
        sent.Endpoint is { } endpoint && await store.RemoveAsync(endpoint, User.Id()) ? new NoContentResult() : NotFound();
}
