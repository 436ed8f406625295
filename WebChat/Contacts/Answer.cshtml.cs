using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Contacts;

/// <summary>Accepts or declines a person's request.</summary>
[WritesToRoom]
internal sealed class AnswerModel(ContactStore contacts, Friendships friendships, IStringLocalizer<Texts> text) : PageModel
{
    public IActionResult OnGet() => RedirectToPage("/Contacts/Index");

    public Task<IActionResult> OnPostAcceptAsync(string account) => AnswerAsync(account, friendships.AcceptAsync, "You and {0} are friends now");

    public Task<IActionResult> OnPostDeclineAsync(string account) => AnswerAsync(account, friendships.DeclineAsync, "Request declined");

    private async Task<IActionResult> AnswerAsync(string account, Func<long, Person, Task<bool>> answer, string said)
    {
        if (await contacts.FindAsync(account, User.Id()) is not { } person || !await answer(User.Id(), person))
            return NotFound();
        TempData["said"] = text[said, person.Nickname].Value;
        return RedirectToPage("/Contacts/Index");
    }
}
