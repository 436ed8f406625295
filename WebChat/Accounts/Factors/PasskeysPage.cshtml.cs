using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Accounts.Proof;
using WebChat.Shared;

namespace WebChat.Accounts.Factors;

/// <summary>One's own passkeys.</summary>
[AsksForPassword]
internal sealed class PasskeysModel(PasskeyStore store, Passkeys passkeys, UserStore users, AccountMail mail, IStringLocalizer<Texts> text) : PageModel
{
    public IReadOnlyList<Passkey> Mine { get; private set; } = [];

    public async Task OnGetAsync() => Mine = await store.ListAsync(User.Id());

    /// <summary>What the browser is to be asked.</summary>
    public async Task<IActionResult> OnPostAskAsync() => Content(await passkeys.AskToCreateAsync(HttpContext, (await users.FindAsync(User.Id()))!), "application/json");

    /// <summary>What it answered.</summary>
    public async Task<IActionResult> OnPostAsync(string? credential, string? name)
    {
        var user = (await users.FindAsync(User.Id()))!;
        var called = UserText.Line(name);
        if (called.Length == 0)
            called = Devices.Name(Request.Headers.UserAgent.ToString(), text);
        else if (!UserText.Fits(called, Passkeys.LongestName))
            return Refuse(text["At most {0} characters.", Passkeys.LongestName]);
        if (!await passkeys.AddAsync(HttpContext, user, credential ?? "", called))
            return Refuse(text["This passkey was not taken. You can try again."]);
        await mail.TellAsync(user.Email, text["The passkey \"{0}\" was added to your account.", called]);
        TempData["said"] = text["The passkey is added. You can sign in with it."].Value;
        return new JsonResult(new { });
    }

    public async Task<IActionResult> OnPostRemoveAsync(string? passkey)
    {
        var name = await store.RemoveAsync(User.Id(), passkey ?? "");
        if (name is not null)
            await mail.TellAsync((await users.FindAsync(User.Id()))!.Email, text["The passkey \"{0}\" was removed from your account.", name]);
        TempData["said"] = text[name is null ? "It was removed already." : "The passkey is removed."].Value;
        return Redirect("/me/security/passkeys");
    }

    private static JsonResult Refuse(string sentence) => new(new { error = sentence }) { StatusCode = StatusCodes.Status400BadRequest };
}
