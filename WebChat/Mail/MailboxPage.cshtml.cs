using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Mail;

/// <summary>What would have been sent, had it a server: for who develops, at the machine itself, and for administrators; for nobody else.</summary>
[AllowAnonymous]
internal sealed class MailboxModel(Mailbox mailbox, IHostEnvironment environment) : PageModel
{
    private const int Most = 50;

    public IReadOnlyList<KeptLetter> Letters { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        var isHere = HttpContext.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        if (!(environment.IsDevelopment() && isHere) && !User.IsAdmin())
            return NotFound();
        Letters = await mailbox.ListAsync(Most);
        return Page();
    }
}
