using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Accounts.Invites;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>A new account, in two steps: an address, then the code mailed to it with all the rest. Who may not make one is told so before anything else is asked or said.</summary>
[AllowAnonymous]
internal sealed class RegisterModel(CodeFlow flow, UserManager<User> users, Sessions sessions, SiteInviteStore invites, RefusedWords refused, IOptionsMonitor<HouseRules> rules, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Email { get; set; } = "";
    [BindProperty] public string Code { get; set; } = "";
    [BindProperty] public string Account { get; set; } = "";
    [BindProperty] public string Nickname { get; set; } = "";
    [BindProperty] public string Password { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    /// <summary>The token in the link that one came by.</summary>
    [BindProperty(SupportsGet = true)] public string? Invite { get; set; }

    /// <summary>Where the code went, once one was asked for: the second step.</summary>
    public SendAgain? Sent { get; private set; }

    /// <summary>Why no account can be made here, or null.</summary>
    public string? Closed { get; private set; }

    public async Task<IActionResult> OnGetAsync(bool again)
    {
        if (User.IsSignedIn())
            return Redirect("/");
        if (await IsOpenAsync() && !again)
            Sent = await flow.SentAsync(HttpContext, CodeFlow.Register);
        return Page();
    }

    public async Task<IActionResult> OnPostCodeAsync()
    {
        Email = Email.Trim();
        return await IsOpenAsync() && await flow.TrySendAsync(this, CodeFlow.Register, Email) ? RedirectToPage(new { ReturnUrl, Invite }) : Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await IsOpenAsync())
            return Page();
        Sent = await flow.SentAsync(HttpContext, CodeFlow.Register);
        if (Sent is null)
            return RedirectToPage(new { ReturnUrl, Invite });
        if (!await flow.MayTryAsync(this))
            return Page();
        var user = new User { Account = Account.Trim(), Nickname = UserText.Line(Nickname), Email = Sent.Email, Invite = rules.CurrentValue.Registration == Registration.Open ? null : IdOfInvite };
        await CheckAsync(user);
        if (!ModelState.IsValid || !await flow.TryUseAsync(this, CodeFlow.Register, Code))
            return Page();
        var created = await users.CreateAsync(user, Password);
        if (created.Errors.Any(e => string.Equals(e.Code, UserStore.InviteGone, StringComparison.Ordinal)))
        {
            Closed = text["This link is not good any more: it has expired, was used up or taken back. Ask for a new one."];
            return Page();
        }
        if (!created.Succeeded)
        {
            ModelState.Add(created);
            return Page();
        }
        await sessions.StartAsync(HttpContext, user);
        return Redirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/"); // on to where one wanted to go
    }

    private string IdOfInvite => Token.IdOf(Invite ?? "");

    private async Task<bool> IsOpenAsync()
    {
        Closed = rules.CurrentValue.Registration switch
        {
            Registration.Open => null,
            Registration.Closed => text["No new accounts are made here at the moment."].Value,
            _ when string.IsNullOrEmpty(Invite) => text["Accounts are made here by invitation. Open the link that you were sent, or ask somebody who is here for one."].Value,
            _ => await invites.IsGoodAsync(IdOfInvite) ? null : text["This link is not good any more: it has expired, was used up or taken back. Ask for a new one."].Value,
        };
        return Closed is null;
    }

    /// <summary>What can be said before the code is used up.</summary>
    private async Task CheckAsync(User user)
    {
        if (NicknameRule.Wrong(user.Nickname, refused, text) is { } wrong)
            ModelState.AddModelError(nameof(Nickname), wrong);
        if (refused.AreIn(user.Account))
            ModelState.AddModelError(nameof(Account), text["This account is not allowed here."]);
        await users.CheckAsync(user, Password, ModelState);
    }
}
