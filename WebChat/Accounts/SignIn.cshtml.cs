using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Accounts.Factors;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>The door for those who have an account.</summary>
[AllowAnonymous]
internal sealed class SignInModel(SignIns signIns, TwoStep twoStep, HalfWay halfWay, Sessions sessions, RateLimits rates, IOptionsMonitor<Limits> limits, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Login { get; set; } = "";
    [BindProperty] public string Password { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    public IActionResult OnGet() => User.IsSignedIn() ? GoOn() : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await rates.TakeAsync("sign-in", HttpContext.Address(), limits.CurrentValue.SignInsPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
        {
            var seconds = TooMany.Say(HttpContext, wait);
            ModelState.AddModelError(nameof(Password), text["Too many tries. Try again in {0} seconds.", seconds]);
            return Page();
        }
        var found = await signIns.CheckAsync(HttpContext, Login, Password);
        if (found.User is not { } user)
        {
            ModelState.AddModelError(nameof(Password), found.IsDisabled ? text["An administrator has disabled this account."] : text["That account and password do not match."]);
            return Page();
        }
        if (await twoStep.FindAsync(user.Id) is not null)
        {
            halfWay.Begin(HttpContext, user);
            return RedirectToPage("/Accounts/Factors/SignInCode", new { ReturnUrl });
        }
        if (await sessions.StartAsync(HttpContext, user))
            return GoOn();
        ModelState.AddModelError(nameof(Password), text["That account and password do not match."]); // any more
        return Page();
    }

    /// <summary>On to where one wanted to go, if that is in this house; another's address goes home.</summary>
    private RedirectResult GoOn() => Redirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
}
