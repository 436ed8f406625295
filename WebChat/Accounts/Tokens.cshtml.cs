using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>The tokens of one's own programs. Each is shown once, after it was made.</summary>
internal sealed class TokensModel(SessionStore store, Sessions sessions, IStringLocalizer<Texts> text) : PageModel
{
    public const int LongestName = 40;

    [BindProperty] public string Name { get; set; } = "";

    public IReadOnlyList<Session> Tokens { get; private set; } = [];

    /// <summary>The one that was made just now.</summary>
    public string? Made { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        Made = TempData["token"] as string;
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
        else if (await sessions.MakeTokenAsync(User.Id(), Name) is { } made)
            TempData["token"] = made; // shown by the page that comes next, once: who loads that anew makes none
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
