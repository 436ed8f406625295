using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Contacts;

/// <summary>Ends a friendship, once it is confirmed.</summary>
internal sealed class DeleteModel(ContactStore contacts, Friendships friendships, IStringLocalizer<Texts> text) : PageModel
{
    public Person Person { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string account)
    {
        if (await contacts.FindAsync(account, User.Id()) is not { IsFriend: true } person)
            return NotFound();
        Person = person;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string account)
    {
        if (await contacts.FindAsync(account, User.Id()) is not { } person || !await friendships.DeleteAsync(User.Id(), person))
            return NotFound();
        TempData["said"] = text["{0} is no longer a friend", person.Name].Value;
        return RedirectToPage("/Contacts/Index");
    }
}
