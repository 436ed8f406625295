using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>Pins a message in its room, or unpins it.</summary>
[WritesToRoom]
internal sealed class PinModel(Changes changes) : PageModel
{
    public IActionResult OnGet(long number, long seq) => LocalRedirect(FormattableString.Invariant($"/rooms/{number}/messages/{seq}"));

    /// <param name="number">The room.</param>
    /// <param name="seq">The message.</param>
    /// <param name="pinned">How it is wanted: two who press at once want the same.</param>
    public async Task<IActionResult> OnPostAsync(long number, long seq, [FromForm] bool? pinned) => changes.Answer(Request, await changes.PinAsync(User.Id(), number, seq, pinned));
}
