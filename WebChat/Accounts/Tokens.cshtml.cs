using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>The tokens of one's own programs. Each is shown once, in the answer that makes it.</summary>
internal sealed class TokensModel(SessionStore store, Sessions sessions, IStringLocalizer<Texts> text) : PageModel
{
    public const int LongestName = 40;

    [BindProperty] public string Name { get; set; } = "";

    public IReadOnlyList<Session> Tokens { get; private set; } = [];

    /// <summary>The one that was made just now.</summary>
    public string? Made { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
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
        else if ((Made = await sessions.MakeTokenAsync(User.Id(), Name)) is null)
            ModelState.AddModelError(nameof(Name), text["You have {0} tokens already. Remove one first.", SessionStore.MostTokens]);
        if (Made is not null)
        {
            ModelState.Clear();
            Name = "";
        }
        return await OnGetAsync();
    }

    public async Task<IActionResult> OnPostRemoveAsync(string? token)
    {
        TempData["said"] = text[await sessions.EndAsync(User.Id(), token ?? "") ? "The token is removed." : "It was removed already."].Value;
        return Redirect("/me/tokens");
    }
}
