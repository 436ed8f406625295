using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Accounts.Proof;

namespace WebChat.Admin;

/// <summary>Asks an administrator for the password again, and goes on to where they were going.</summary>
internal sealed class ConfirmModel(PasswordProof proof) : PageModel
{
    public const string Address = "/admin/confirm";

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
        return Redirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/admin");
    }
}
