using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Accounts.Announcements;

/// <summary>Puts away what administrators say to everybody, for oneself.</summary>
internal sealed class PutAwayModel(Board board) : PageModel
{
    public IActionResult OnGet() => Redirect("/rooms");

    public async Task<IActionResult> OnPostAsync([FromForm] long announcement, [FromForm] string? returnUrl)
    {
        if (!await board.HearAsync(User.Id(), announcement))
            return NotFound();
        return Request.IsHtmx() ? new NoContentResult() : Redirect(Url.IsLocalUrl(returnUrl) ? returnUrl : "/rooms");
    }
}
