using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Accounts.Factors;
using WebChat.Accounts.Proof;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Accounts.Leaving;

/// <summary>Deletes one's own account, once it is confirmed by all that one signs in with.</summary>
[AsksForPassword]
internal sealed class DeleteModel(
    LeavingStore leaving, UserStore users, TwoStep twoStep, PasswordProof proof, Connections connections, Profiles profiles, AccountMail mail, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Password { get; set; } = "";
    [BindProperty] public string Code { get; set; } = "";

    /// <summary>What was written is taken back; else it stays, as a deleted user's.</summary>
    [BindProperty] public bool Remove { get; set; }

    public bool AsksForCode { get; private set; }

    /// <summary>The last administrator stays until there is another.</summary>
    public bool MayLeave { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        AsksForCode = await twoStep.FindAsync(User.Id()) is not null;
        MayLeave = await leaving.MayLeaveAsync(User.Id());
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await OnGetAsync();
        if (!MayLeave)
            return Page();
        if (await users.FindAsync(User.Id()) is not { } user)
            return await GoneAsync(); // a second click
        if (await proof.WrongAsync(HttpContext, Password) is { } wrong)
            ModelState.AddModelError(nameof(Password), wrong);
        else if (AsksForCode && await twoStep.TryAsync(HttpContext, user, Code) is var outcome && outcome != CodeOutcome.Right)
            ModelState.AddModelError(nameof(Code), outcome == CodeOutcome.Locked ? text["Too many tries. Try again in a quarter of an hour."] : text["This code is not right, or was used before."]);
        if (!ModelState.IsValid)
            return Page();
        if (!await leaving.LeaveAsync(user.Id, Remove))
        {
            if (await users.FindAsync(user.Id) is null)
                return await GoneAsync();
            MayLeave = await leaving.MayLeaveAsync(user.Id); // somebody else left a moment ago
            return Page();
        }
        connections.EndUser(user.Id);
        profiles.TellGone(user);
        await mail.TellAsync(user.Email, text["Your account was deleted."]);
        return await GoneAsync();
    }

    private async Task<IActionResult> GoneAsync()
    {
        await HttpContext.SignOutAsync();
        Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        TempData["said"] = text["Your account is deleted."].Value;
        return Redirect("/accounts/sign-in");
    }
}
