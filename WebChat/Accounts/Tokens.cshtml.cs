using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Accounts.Proof;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>The tokens of one's own programs. Each is shown once, after it was made.</summary>
[AsksForPassword]
internal sealed class TokensModel(SessionStore store, Sessions sessions, UserStore users, AccountMail mail, IStringLocalizer<Texts> text) : PageModel
{
    public const int LongestName = 40;

    [BindProperty] public string Name { get; set; } = "";

    public IReadOnlyList<Session> Tokens { get; private set; } = [];

    /// <summary>The one that was made just now.</summary>
    public string? Made { get; private set; }

    private string Owner => User.Id().ToString(CultureInfo.InvariantCulture);

    public async Task<IActionResult> OnGetAsync()
    {
        Made = (TempData["token"] as string)?.Split(' ') is [var owner, var token] && string.Equals(owner, Owner, StringComparison.Ordinal) ? token : null;
        Tokens = await store.TokensAsync(User.Id());
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Name = UserText.Line(Name);
        if (Name.Length == 0)
            ModelState.AddModelError(nameof(Name), text["A name is missing."]);
        else if (!UserText.Fits(Name, LongestName))
            ModelState.AddModelError(nameof(Name), text["At most {0} characters.", LongestName]);
        else if (await sessions.MakeTokenAsync(User, Name) is { } made)
        {
            TempData["token"] = $"{Owner} {made}"; // shown by the page that comes next, once, and to nobody else who signs in here: who loads that anew makes none
            await mail.TellAsync((await users.FindAsync(User.Id()))!.Email, text["A token was made for a program of yours: \"{0}\". Whoever holds it can read and write as you do.", Name]);
        }
        else
            ModelState.AddModelError(nameof(Name), text["You have {0} tokens already. Remove one first.", SessionStore.MostTokens]);
        return ModelState.IsValid ? Redirect("/me/tokens") : await OnGetAsync();
    }

    public async Task<IActionResult> OnPostRemoveAsync(string? token)
    {
        TempData["said"] = text[await sessions.EndAsync(User.Id(), token ?? "") ? "The token is removed." : "It was removed already."].Value;
        return Redirect("/me/tokens");
    }
}
