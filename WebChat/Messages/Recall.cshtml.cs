using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>Takes a message back. Its author gets its words in the answer, to write them again.</summary>
[WritesToRoom]
internal sealed class RecallModel(Changes changes) : PageModel
{
    public IActionResult OnGet(long number, long seq) => LocalRedirect(FormattableString.Invariant($"/rooms/{number}/messages/{seq}"));

    public async Task<IActionResult> OnPostAsync(long number, long seq) => changes.Answer(Request, await changes.RecallAsync(User.Id(), number, seq));
}
