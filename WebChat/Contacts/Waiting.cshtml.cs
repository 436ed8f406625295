using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Contacts;

/// <summary>The rail's number of waiting requests by itself.</summary>
internal sealed class WaitingModel(ContactStore contacts) : PageModel
{
    public async Task<IActionResult> OnGetAsync() => Partial("/Contacts/_RailRequests.cshtml", await contacts.CountRequestsAsync(User.Id()));
}
