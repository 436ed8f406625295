using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Contacts;

/// <summary>Somebody's page, and what the reader calls them.</summary>
internal sealed class PersonModel(ContactStore contacts, Friendships friendships, IStringLocalizer<Texts> text) : PageModel
{
    public Person Person { get; private set; } = null!;

    [BindProperty] public string Remark { get; set; } = "";

    public async Task<IActionResult> OnGetAsync(string account)
    {
        if (await contacts.FindAnyAsync(account, User.Id()) is not { } person)
            return NotFound();
        Person = person;
        Remark = person.Remark ?? "";
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string account)
    {
        if (await contacts.FindAsync(account, User.Id()) is not { } person)
            return NotFound();
        Person = person;
        Remark = UserText.Line(Remark);
        if (!UserText.Fits(Remark, Friendships.LongestRemark))
        {
            ModelState.AddModelError(nameof(Remark), text["At most {0} characters.", Friendships.LongestRemark]);
            return Page();
        }
        if (!await friendships.SetRemarkAsync(User.Id(), person, Remark))
            return NotFound();
        TempData["said"] = text["Remark saved"].Value;
        return RedirectToPage(new { account = person.Account });
    }
}
