using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>A new password for one who forgot theirs, in two steps: an address, then the code mailed to it.</summary>
[AllowAnonymous]
internal sealed class ResetModel(
    CodeFlow flow, UserManager<User> users, IPasswordHasher<User> hasher, Sessions sessions, AccountMail mail, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Email { get; set; } = "";
    [BindProperty] public string Code { get; set; } = "";
    [BindProperty] public string NewPassword { get; set; } = "";

    /// <summary>Where the code went, once one was asked for: the second step.</summary>
    public SendAgain? Sent { get; private set; }

    public async Task OnGetAsync(bool again)
    {
        if (!again)
            Sent = await flow.SentAsync(HttpContext, CodeFlow.Reset);
    }

    public async Task<IActionResult> OnPostCodeAsync()
    {
        Email = Email.Trim();
        return await flow.TrySendAsync(this, CodeFlow.Reset, Email) ? Redirect("/accounts/reset") : Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Sent = await flow.SentAsync(HttpContext, CodeFlow.Reset);
        if (Sent is null)
            return Redirect("/accounts/reset");
        if (!await flow.MayTryAsync(this))
            return Page();
        foreach (var validator in users.PasswordValidators)
            ModelState.Add(await validator.ValidateAsync(users, new User(), NewPassword), nameof(NewPassword));
        if (!ModelState.IsValid || !await flow.TryUseAsync(this, CodeFlow.Reset, Code) || await users.FindByEmailAsync(Sent.Email) is not { } user)
            return Page();
        if (!await sessions.ResetPasswordAsync(user, hasher.HashPassword(user, NewPassword)))
        {
            ModelState.AddModelError(nameof(NewPassword), text["Your password was changed elsewhere a moment ago."]);
            return Page();
        }
        await mail.TellAsync(user.Email, text["Your password was changed, and all your devices were signed out."]);
        TempData["said"] = text["Your password is changed. Sign in with it."].Value;
        return Redirect("/accounts/sign-in");
    }
}
