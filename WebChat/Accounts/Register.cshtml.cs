using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>A new account, in two steps: an address, then the code mailed to it with all the rest.</summary>
[AllowAnonymous]
internal sealed class RegisterModel(CodeFlow flow, UserManager<User> users, Sessions sessions, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Email { get; set; } = "";
    [BindProperty] public string Code { get; set; } = "";
    [BindProperty] public string Account { get; set; } = "";
    [BindProperty] public string Nickname { get; set; } = "";
    [BindProperty] public string Password { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    /// <summary>Where the code went, once one was asked for: the second step.</summary>
    public SendAgain? Sent { get; private set; }

    public async Task<IActionResult> OnGetAsync(bool again)
    {
        if (User.IsSignedIn())
            return Redirect("/");
        if (!again)
            Sent = await flow.SentAsync(HttpContext, CodeFlow.Register);
        return Page();
    }

    public async Task<IActionResult> OnPostCodeAsync()
    {
        Email = Email.Trim();
        return await flow.TrySendAsync(this, CodeFlow.Register, Email) ? RedirectToPage(new { ReturnUrl }) : Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Sent = await flow.SentAsync(HttpContext, CodeFlow.Register);
        if (Sent is null)
            return RedirectToPage(new { ReturnUrl });
        if (!await flow.MayTryAsync(this))
            return Page();
        var user = new User { Account = Account.Trim(), Nickname = UserText.Line(Nickname), Email = Sent.Email };
        await CheckAsync(user);
        if (!ModelState.IsValid || !await flow.TryUseAsync(this, CodeFlow.Register, Code))
            return Page();
        var created = await users.CreateAsync(user, Password);
        if (!created.Succeeded)
        {
            ModelState.Add(created);
            return Page();
        }
        await sessions.StartAsync(HttpContext, user.Id);
        return Redirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/"); // on to where one wanted to go
    }

    /// <summary>What can be said before the code is used up.</summary>
    private async Task CheckAsync(User user)
    {
        if (NicknameRule.Wrong(user.Nickname, text) is { } wrong)
            ModelState.AddModelError(nameof(Nickname), wrong);
        await users.CheckAsync(user, Password, ModelState);
    }
}
