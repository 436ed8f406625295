using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Accounts.Factors;
using WebChat.Accounts.Proof;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>One's own password, and where one is signed in.</summary>
internal sealed class SecurityModel(
    UserStore store, UserManager<User> users, IPasswordHasher<User> hasher, SessionStore sessionStore, Sessions sessions,
    TwoStep twoStep, PasskeyStore passkeys, PasswordProof proof, AccountMail mail, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string CurrentPassword { get; set; } = "";
    [BindProperty] public string NewPassword { get; set; } = "";

    /// <summary>This session first, then the others, the last used first.</summary>
    public IReadOnlyList<Session> Sessions { get; private set; } = [];

    /// <summary>How many programs may write as this person.</summary>
    public int Tokens { get; private set; }

    /// <summary>Null where the password alone lets in.</summary>
    public TwoStepState? TwoStep { get; private set; }

    public int Passkeys { get; private set; }

    public string Email { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync()
    {
        Passkeys = (await passkeys.ListAsync(User.Id())).Count;
        Email = (await store.FindAsync(User.Id()))!.Email;
        TwoStep = await twoStep.FindAsync(User.Id());
        var all = await sessionStore.ListAsync(User.Id());
        Sessions = [.. all.OrderByDescending(s => string.Equals(s.Id, User.Session(), StringComparison.Ordinal))];
        Tokens = (await sessionStore.TokensAsync(User.Id())).Count;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var user = (await store.FindAsync(User.Id()))!;
        foreach (var validator in users.PasswordValidators)
            ModelState.Add(await validator.ValidateAsync(users, user, NewPassword), nameof(NewPassword));
        if (await proof.WrongAsync(HttpContext, CurrentPassword) is { } wrong)
            ModelState.AddModelError(nameof(CurrentPassword), wrong);
        if (!ModelState.IsValid)
            return await OnGetAsync();
        if (!await sessions.ChangePasswordAsync(HttpContext, user, hasher.HashPassword(user, NewPassword)))
        {
            ModelState.AddModelError(nameof(CurrentPassword), text["This is not your password."]); // any more: another window was quicker
            return await OnGetAsync();
        }
        await mail.TellAsync(user.Email, text["Your password was changed, and all your other devices were signed out."]);
        return Done("Your password is changed.");
    }

    public async Task<IActionResult> OnPostSignOutAsync(string session)
    {
        var ended = await sessions.EndAsync(User.Id(), session ?? "");
        return Done(ended ? "Signed out there." : "It was signed out already.");
    }

    public async Task<IActionResult> OnPostOthersAsync()
    {
        await sessions.EndOthersAsync(User);
        return Done("Signed out everywhere else.");
    }

    private RedirectResult Done(string said)
    {
        TempData["said"] = text[said].Value;
        return Redirect("/me/security");
    }
}
