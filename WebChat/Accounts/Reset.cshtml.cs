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
    CodeFlow flow, UserManager<User> users, IPasswordHasher<User> hasher, Sessions sessions, RateLimits rates, Limits limits, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Email { get; set; } = "";
    [BindProperty] public string Code { get; set; } = "";
    [BindProperty] public string NewPassword { get; set; } = "";

    /// <summary>True once a code was asked for: the second step.</summary>
    public bool IsSent { get; private set; }

    /// <summary>How long until another code may be sent.</summary>
    public int Seconds { get; private set; }

    public void OnGet(bool again)
    {
        if (!again)
            Recall();
    }

    public async Task<IActionResult> OnPostCodeAsync()
    {
        Email = Email.Trim();
        if (!AccountRules.IsEmail(Email))
        {
            ModelState.AddModelError(nameof(Email), text["This is not an e-mail address."]);
            return Page();
        }
        var wait = await flow.SendAsync(HttpContext, CodeFlow.Reset, Email);
        if (wait == TimeSpan.Zero)
            return Redirect("/accounts/reset");
        ModelState.AddModelError(nameof(Email), text["This address was sent a mail a moment ago. Try again in {0} seconds.", TooMany.Say(HttpContext, wait)]);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Recall();
        if (!IsSent)
            return Redirect("/accounts/reset");
        if (!rates.TryTake("code-check", HttpContext.Address(), limits.CodeChecksPerHour, TimeSpan.FromHours(1), out var wait))
        {
            ModelState.AddModelError(nameof(Code), text["Too many tries. Try again in {0} seconds.", TooMany.Say(HttpContext, wait)]);
            return Page();
        }
        foreach (var validator in users.PasswordValidators)
            ModelState.Add(await validator.ValidateAsync(users, new User(), NewPassword), nameof(NewPassword));
        if (ModelState.IsValid && !flow.TryUse(HttpContext, CodeFlow.Reset, Code))
            ModelState.AddModelError(nameof(Code), text["This code is wrong or no longer good. You can ask for a new one."]);
        if (!ModelState.IsValid || await users.FindByEmailAsync(Email) is not { } user)
            return Page();
        await sessions.ResetPasswordAsync(user.Id, hasher.HashPassword(user, NewPassword));
        TempData["said"] = text["Your password is changed. Sign in with it."].Value;
        return Redirect("/accounts/sign-in");
    }

    private void Recall()
    {
        if (flow.Email(HttpContext, CodeFlow.Reset) is not { } email)
            return;
        (IsSent, Email, Seconds) = (true, email, (int)Math.Ceiling(flow.Wait(email).TotalSeconds));
    }
}
