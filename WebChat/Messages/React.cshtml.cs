using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>Puts one's emoji under a message, or takes it away.</summary>
[WritesToRoom]
internal sealed class ReactModel(Changes changes, IStringLocalizer<Texts> texts) : PageModel
{
    public IActionResult OnGet(long number, long seq) => LocalRedirect(FormattableString.Invariant($"/rooms/{number}/messages/{seq}"));

    public async Task<IActionResult> OnPostAsync(long number, long seq, [FromForm] string? emoji) =>
        Changes.IsEmoji(emoji)
            ? changes.Answer(Request, await changes.ReactAsync(User.Id(), number, seq, emoji!))
            : Changes.Refuse(Request, StatusCodes.Status400BadRequest, texts["That is not an emoji."].Value);
}
