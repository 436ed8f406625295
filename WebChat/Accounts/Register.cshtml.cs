using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>A new account, in two steps: an address, then the code mailed to it with all the rest.</summary>
[AllowAnonymous]
internal sealed class RegisterModel(CodeFlow flow, UserManager<User> users, Sessions sessions, RateLimits rates, Limits limits, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Email { get; set; } = "";
    [BindProperty] public string Code { get; set; } = "";
    [BindProperty] public string Account { get; set; } = "";
    [BindProperty] public string Nickname { get; set; } = "";
    [BindProperty] public string Password { get; set; } = "";

    /// <summary>True once a code was asked for: the second step.</summary>
    public bool IsSent { get; private set; }

    /// <summary>How long until another code may be sent.</summary>
    public int Seconds { get; private set; }

    public IActionResult OnGet(bool again)
    {
        if (User.IsSignedIn())
            return Redirect("/");
        if (!again)
            Recall();
        return Page();
    }

    public async Task<IActionResult> OnPostCodeAsync()
    {
        Email = Email.Trim();
        if (!AccountRules.IsEmail(Email))
        {
            ModelState.AddModelError(nameof(Email), text["This is not an e-mail address."]);
            return Page();
        }
        var wait = await flow.SendAsync(HttpContext, CodeFlow.Register, Email);
        if (wait == TimeSpan.Zero)
            return Redirect("/accounts/register");
        ModelState.AddModelError(nameof(Email), text["This address was sent a mail a moment ago. Try again in {0} seconds.", TooMany.Say(HttpContext, wait)]);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Recall();
        if (!IsSent)
            return Redirect("/accounts/register");
        if (!rates.TryTake("code-check", HttpContext.Address(), limits.CodeChecksPerHour, TimeSpan.FromHours(1), out var wait))
        {
            ModelState.AddModelError(nameof(Code), text["Too many tries. Try again in {0} seconds.", TooMany.Say(HttpContext, wait)]);
            return Page();
        }
        var user = new User { Account = Account.Trim(), Nickname = UserText.Line(Nickname), Email = Email };
        await CheckAsync(user);
        if (ModelState.IsValid && !flow.TryUse(HttpContext, CodeFlow.Register, Code))
            ModelState.AddModelError(nameof(Code), text["This code is wrong or no longer good. You can ask for a new one."]);
        if (!ModelState.IsValid)
            return Page();
        var created = await users.CreateAsync(user, Password);
        if (!created.Succeeded)
        {
            ModelState.Add(created);
            return Page();
        }
        await sessions.StartAsync(HttpContext, user.Id);
        return Redirect("/");
    }

    /// <summary>What can be said before the code is used up.</summary>
    private async Task CheckAsync(User user)
    {
        if (NicknameRule.Wrong(user.Nickname, text) is { } wrong)
            ModelState.AddModelError(nameof(Nickname), wrong);
        await users.CheckAsync(user, Password, ModelState);
    }

    private void Recall()
    {
        if (flow.Email(HttpContext, CodeFlow.Register) is not { } email)
            return;
        (IsSent, Email, Seconds) = (true, email, (int)Math.Ceiling(flow.Wait(email).TotalSeconds));
    }
}
