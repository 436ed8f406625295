using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Contacts;

/// <summary>One's friends and those who ask to be, with nobody's page open.</summary>
internal sealed class IndexModel(ContactStore contacts) : PageModel
{
    public ContactList List { get; private set; } = null!;

    public async Task OnGetAsync() => List = await ContactList.ReadAsync(contacts, User.Id(), open: null);
}
