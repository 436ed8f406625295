using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>One's own password, and where one is signed in.</summary>
internal sealed class SecurityModel(
    UserStore store, UserManager<User> users, IPasswordHasher<User> hasher, SessionStore sessionStore, Sessions sessions,
    RateLimits rates, Limits limits, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string CurrentPassword { get; set; } = "";
    [BindProperty] public string NewPassword { get; set; } = "";

    /// <summary>This session first, then the others, the last used first.</summary>
    public IReadOnlyList<Session> Sessions { get; private set; } = [];

    /// <summary>How many programs may write as this person.</summary>
    public int Tokens { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        var all = await sessionStore.ListAsync(User.Id());
        Sessions = [.. all.OrderByDescending(s => string.Equals(s.Id, User.Session(), StringComparison.Ordinal))];
        Tokens = (await sessionStore.TokensAsync(User.Id())).Count;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await rates.TakeAsync("password", User.Id().ToString(CultureInfo.InvariantCulture), limits.SignInsPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
        {
            ModelState.AddModelError(nameof(CurrentPassword), text["Too many tries. Try again in {0} seconds.", TooMany.Say(HttpContext, wait)]);
            return await OnGetAsync();
        }
        var user = (await store.FindAsync(User.Id()))!;
        foreach (var validator in users.PasswordValidators)
            ModelState.Add(await validator.ValidateAsync(users, user, NewPassword), nameof(NewPassword));
        if (!await users.CheckPasswordAsync(user, CurrentPassword))
            ModelState.AddModelError(nameof(CurrentPassword), text["This is not your password."]);
        if (!ModelState.IsValid)
            return await OnGetAsync();
        await sessions.ChangePasswordAsync(HttpContext, hasher.HashPassword(user, NewPassword));
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
