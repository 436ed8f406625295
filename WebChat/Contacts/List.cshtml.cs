using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Contacts;

/// <summary>The list of requests and friends by itself, for pages that show it and hear that it has changed.</summary>
internal sealed class ListModel(ContactStore contacts) : PageModel
{
    public async Task<IActionResult> OnGetAsync(string? open) =>
        Partial("/Contacts/_ContactList.cshtml", await ContactList.ReadAsync(contacts, User.Id(), open));
}
