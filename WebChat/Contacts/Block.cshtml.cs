using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Contacts;

/// <summary>Blocks a person, once it is confirmed.</summary>
internal sealed class BlockModel(ContactStore contacts, Friendships friendships, IStringLocalizer<Texts> text) : PageModel
{
    public Person Person { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string account)
    {
        if (await contacts.FindAsync(account, User.Id()) is not { } person || person.Id == User.Id())
            return NotFound();
        Person = person;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string account)
    {
        if (await contacts.FindAsync(account, User.Id()) is not { } person || !await friendships.BlockAsync(User.Id(), person))
            return NotFound();
        TempData["said"] = text["{0} is blocked", person.Name].Value;
        return RedirectToPage("/Contacts/Person", new { account = person.Account });
    }
}
