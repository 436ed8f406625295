using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Mail;

/// <summary>What would have been sent, had it a server: for anybody who develops, for administrators of an installation, for nobody else.</summary>
[AllowAnonymous]
internal sealed class MailboxModel(Mailbox mailbox, IHostEnvironment environment) : PageModel
{
    private const int Most = 50;

    public IReadOnlyList<KeptLetter> Letters { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!environment.IsDevelopment() && !User.IsAdmin())
            return NotFound();
        Letters = await mailbox.ListAsync(Most);
        return Page();
    }
}
