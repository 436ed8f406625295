using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace WebChat.Accounts;

/// <summary>Where the button that signs this device out leads.</summary>
internal sealed class SignOutModel(Sessions sessions) : PageModel
{
    /// <summary>Somebody followed a link here: reading an address signs nobody out. The profile has the button.</summary>
    public IActionResult OnGet() => Redirect("/me");

    public async Task<IActionResult> OnPostAsync()
    {
        await sessions.EndAsync(HttpContext);
        return Redirect("/accounts/sign-in");
    }
}
