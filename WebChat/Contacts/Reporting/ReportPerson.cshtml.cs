using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Contacts.Reporting;

/// <summary>Reports a person to the administrators.</summary>
internal sealed class ReportPersonModel(ContactStore contacts, ReportStore reports, ReportForm form) : PageModel
{
    public Person Person { get; private set; } = null!;

    public string Back => $"/people/{Person.Account}";

    [BindProperty] public string Reason { get; set; } = "";

    public async Task<IActionResult> OnGetAsync(string account) => await FindAsync(account) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(string account)
    {
        if (!await FindAsync(account))
            return NotFound();
        Reason = UserText.Line(Reason);
        return await form.TakeAsync(this, nameof(Reason), Reason, Back, () => reports.AddPersonAsync(User.Id(), Person.Account, Reason));
    }

    private async Task<bool> FindAsync(string account)
    {
        if (await contacts.FindAsync(account, User.Id()) is not { } person || person.Id == User.Id())
            return false;
        Person = person;
        return true;
    }
}
