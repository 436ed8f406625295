using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Accounts.Proof;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>Another mail address, in two steps like a registration: the code goes to the new one, and the old one is told. Whether the new one has an account shows in its mailbox only.</summary>
[AsksForPassword]
internal sealed class EmailModel(CodeFlow flow, UserManager<User> users, UserStore store, AccountMail mail, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Email { get; set; } = "";
    [BindProperty] public string Code { get; set; } = "";

    /// <summary>The address as it is.</summary>
    public string Current { get; private set; } = "";

    /// <summary>Where the code went, once one was asked for: the second step.</summary>
    public SendAgain? Sent { get; private set; }

    private string Purpose => CodeFlow.EmailOf(User.Id());

    public async Task<IActionResult> OnGetAsync(bool again)
    {
        Current = (await store.FindAsync(User.Id()))!.Email;
        if (!again)
            Sent = await flow.SentAsync(HttpContext, Purpose);
        return Page();
    }

    public async Task<IActionResult> OnPostCodeAsync()
    {
        Email = Email.Trim();
        Current = (await store.FindAsync(User.Id()))!.Email;
        if (string.Equals(users.NormalizeEmail(Email), users.NormalizeEmail(Current), StringComparison.Ordinal))
        {
            ModelState.AddModelError(nameof(Email), text["This is your address already."]);
            return Page();
        }
        return await flow.TrySendAsync(this, Purpose, Email) ? Redirect("/me/email") : Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Sent = await flow.SentAsync(HttpContext, Purpose);
        if (Sent is null)
            return Redirect("/me/email");
        if (!await flow.MayTryAsync(this) || !await flow.TryUseAsync(this, Purpose, Code))
            return Page();
        var before = (await store.FindAsync(User.Id()))!.Email;
        if (!await store.SetEmailAsync(User.Id(), User.Session(), Sent.Email, users.NormalizeEmail(Sent.Email)))
        {
            ModelState.AddModelError(nameof(Code), text["This code is wrong or no longer good. You can ask for a new one."]); // somebody registered with it meanwhile
            return Page();
        }
        await mail.TellAsync(before, text["The mail address of your account was changed. From now on its mail goes to the new one."]);
        TempData["said"] = text["Your mail address is changed."].Value;
        return Redirect("/me/security");
    }
}
