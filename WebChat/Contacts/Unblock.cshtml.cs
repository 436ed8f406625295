using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Contacts;

/// <summary>Takes a block back.</summary>
internal sealed class UnblockModel(ContactStore contacts, Friendships friendships, IStringLocalizer<Texts> text) : PageModel
{
    public IActionResult OnGet(string account) => RedirectToPage("/Contacts/Person", new { account });

    /// <param name="account">Whom.</param>
    /// <param name="room">The room it was done in, to go back to.</param>
    public async Task<IActionResult> OnPostAsync(string account, long? room)
    {
        if (await contacts.FindAsync(account, User.Id()) is not { } person || !await friendships.UnblockAsync(User.Id(), person))
            return NotFound();
        TempData["said"] = text["{0} is unblocked", person.Name].Value;
        return room is null ? RedirectToPage("/Contacts/Person", new { account = person.Account }) : Redirect(FormattableString.Invariant($"/rooms/{room}"));
    }
}
