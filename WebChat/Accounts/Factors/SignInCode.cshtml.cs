using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Accounts.Factors;

/// <summary>The second step of a sign-in. Whoever has not given the right password in this browser is at the first.</summary>
[AllowAnonymous]
internal sealed class SignInCodeModel(HalfWay halfWay, TwoStep twoStep, Sessions sessions, AccountMail mail, RateLimits rates, IOptionsMonitor<Limits> limits, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Code { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    /// <summary>Asks for a recovery code instead.</summary>
    [BindProperty(SupportsGet = true)] public bool Recovery { get; set; }

    public async Task<IActionResult> OnGetAsync() => await halfWay.FindAsync(HttpContext) is null ? BackToFirst() : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await halfWay.FindAsync(HttpContext) is not { } user)
            return BackToFirst();
        if (await rates.TakeAsync("sign-in", HttpContext.Address(), limits.CurrentValue.SignInsPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
            return Refuse(text["Too many tries. Try again in {0} seconds.", TooMany.Say(HttpContext, wait)]);
        var before = await twoStep.FindAsync(user.Id);
        // Turned off meanwhile, on another device: the password was right.
        if (before is not null)
        {
            switch (await twoStep.TryAsync(HttpContext, user, Code))
            {
                case CodeOutcome.Locked: return Refuse(text["Too many tries. Try again in a quarter of an hour."]);
                case CodeOutcome.Wrong: return Refuse(text["This code is not right, or was used before."]);
                default: break;
            }
            if (await twoStep.FindAsync(user.Id) is { } after && after.Left < before.Left)
                await mail.TellAsync(user.Email, text["A recovery code was used to sign in. You have {0} left.", after.Left]);
        }
        halfWay.End(HttpContext);
        return !await sessions.StartAsync(HttpContext, user) ? BackToFirst() : Redirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
    }

    private PageResult Refuse(string sentence)
    {
        ModelState.AddModelError(nameof(Code), sentence);
        return Page();
    }

    private RedirectResult BackToFirst() => Redirect(Url.IsLocalUrl(ReturnUrl) ? $"/accounts/sign-in?returnUrl={Uri.EscapeDataString(ReturnUrl)}" : "/accounts/sign-in");
}
