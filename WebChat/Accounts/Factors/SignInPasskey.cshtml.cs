using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Accounts.Factors;

/// <summary>Signs in by a passkey. It has no page of its own: the button stands on that of the password.</summary>
[AllowAnonymous]
internal sealed class SignInPasskeyModel(Passkeys passkeys, Sessions sessions, RateLimits rates, IOptionsMonitor<Limits> limits, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    public IActionResult OnGet() => Redirect("/accounts/sign-in");

    /// <summary>What the browser is to be asked.</summary>
    public async Task<IActionResult> OnPostAskAsync() => Content(await passkeys.AskToSignInAsync(HttpContext), "application/json");

    /// <summary>What it answered.</summary>
    public async Task<IActionResult> OnPostAsync(string? credential)
    {
        if (await rates.TakeAsync("sign-in", HttpContext.Address(), limits.CurrentValue.SignInsPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
            return new JsonResult(new { error = text["Too many tries. Try again in {0} seconds.", TooMany.Say(HttpContext, wait)].Value }) { StatusCode = StatusCodes.Status429TooManyRequests };
        if (await passkeys.CheckAsync(HttpContext, credential ?? "") is not { } user || !await sessions.StartAsync(HttpContext, user))
            return new JsonResult(new { error = text["This passkey opens no account here."].Value }) { StatusCode = StatusCodes.Status400BadRequest };
        return new JsonResult(new { next = Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/" });
    }
}
