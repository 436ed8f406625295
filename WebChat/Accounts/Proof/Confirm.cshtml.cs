using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Accounts.Proof;

/// <summary>Asks for the password again, and goes on to where one was going.</summary>
internal sealed class ConfirmModel(PasswordProof proof) : PageModel
{
    public const string Address = "/me/confirm";

    [BindProperty] public string Password { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await proof.WrongAsync(HttpContext, Password) is { } wrong)
        {
            ModelState.AddModelError(nameof(Password), wrong);
            return Page();
        }
        await proof.ProveAsync(User);
        return Redirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/me/security");
    }
}
