using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Contacts;

internal sealed class IndexModel(ContactStore contacts) : PageModel
{
    public ContactList List { get; private set; } = null!;

    public async Task OnGetAsync() => List = await ContactList.ReadAsync(contacts, User.Id(), open: null);
}
