using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Media;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>One's own profile.</summary>
[LargestBody(Pictures.MostBodyBytes)]
internal sealed class MeModel(UserStore users, Profiles profiles, Pictures pictures, RefusedWords refused, RateLimits rates, IOptionsMonitor<Limits> limits, IStringLocalizer<Texts> text, IStringLocalizer<Shared.Texts> shared) : PageModel
{
    [BindProperty] public string Nickname { get; set; } = "";
    [BindProperty] public Sex Sex { get; set; }
    [BindProperty] public string Signature { get; set; } = "";
    [BindProperty] public string? Language { get; set; }
    [BindProperty] public IFormFile? Avatar { get; set; }
    [BindProperty] public bool NoAvatar { get; set; }

    /// <summary>As stored.</summary>
    public User Mine { get; private set; } = null!;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Mine = (await users.FindAsync(User.Id()))!;
        await next();
    }

    public void OnGet() => (Nickname, Sex, Signature, Language) = (Mine.Nickname, Mine.Sex, Mine.Signature, Mine.Language);

    public async Task<IActionResult> OnPostAsync()
    {
        Check();
        if (ModelState.IsValid && await rates.TakeAsync("profile", User.Id().ToString(CultureInfo.InvariantCulture), limits.CurrentValue.ProfilesPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
            ModelState.AddModelError(nameof(Nickname), text["Too many changes. Try again in {0} seconds.", TooMany.Say(HttpContext, wait)]);
        var face = ModelState.IsValid ? await pictures.TakeAsync(HttpContext, ModelState, nameof(Avatar), Avatar) : null;
        if (!ModelState.IsValid)
            return Page();
        var before = (Mine.Nickname, Mine.Picture);
        (Mine.Nickname, Mine.Sex, Mine.Signature, Mine.Language, Mine.Picture) = (Nickname, Sex, Signature, Language, face?.Id ?? (NoAvatar ? null : Mine.Picture));
        await users.UpdateProfileAsync(Mine, face);
        if (before != (Mine.Nickname, Mine.Picture))
            profiles.Tell(Mine); // of the rest nobody's page shows anything that would have to change at once
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(Language ?? Languages.For(HttpContext));
        TempData["said"] = shared["Saved"].Value;
        return Redirect("/me");
    }

    private void Check()
    {
        Nickname = UserText.Line(Nickname);
        Signature = UserText.Line(Signature);
        if (NicknameRule.Wrong(Nickname, refused, text) is { } wrong)
            ModelState.AddModelError(nameof(Nickname), wrong);
        if (!UserText.Fits(Signature, AccountRules.LongestSignature))
            ModelState.AddModelError(nameof(Signature), text["At most {0} characters.", AccountRules.LongestSignature]);
        else if (refused.AreIn(Signature))
            ModelState.AddModelError(nameof(Signature), text["This has a word in it that is not allowed here."]);
        if (!Enum.IsDefined(Sex) || ModelState.GetFieldValidationState(nameof(Sex)) is Microsoft.AspNetCore.Mvc.ModelBinding.ModelValidationState.Invalid)
            Say(nameof(Sex));
        if (Language is not null && Languages.All.All(l => !string.Equals(l.Code, Language, StringComparison.Ordinal)))
            Say(nameof(Language));
    }

    private void Say(string field)
    {
        ModelState.Remove(field);
        ModelState.AddModelError(field, text["Choose one of the list."]);
    }
}
