using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Media;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>One's own profile.</summary>
[LargestBody(Pictures.MostBodyBytes)]
internal sealed class MeModel(UserStore users, Pictures pictures, PictureStore pictureStore, IStringLocalizer<Texts> text, IStringLocalizer<Shared.Texts> shared) : PageModel
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
        var before = Mine.Picture;
        var after = ModelState.IsValid ? await TakePictureAsync() : before;
        if (!ModelState.IsValid)
            return Page();
        (Mine.Nickname, Mine.Sex, Mine.Signature, Mine.Language, Mine.Picture) = (Nickname, Sex, Signature, Language, after);
        await users.UpdateProfileAsync(Mine);
        if (before is not null && !string.Equals(before, after, StringComparison.Ordinal))
            await pictureStore.RemoveAsync(before, Mine.Id);
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(Language ?? Languages.For(HttpContext));
        TempData["said"] = shared["Saved"].Value;
        return Redirect("/me");
    }

    private void Check()
    {
        Nickname = UserText.Line(Nickname);
        Signature = UserText.Line(Signature);
        if (NicknameRule.Wrong(Nickname, text) is { } wrong)
            ModelState.AddModelError(nameof(Nickname), wrong);
        if (!UserText.Fits(Signature, AccountRules.LongestSignature))
            ModelState.AddModelError(nameof(Signature), text["At most {0} characters.", AccountRules.LongestSignature]);
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

    private async Task<string?> TakePictureAsync()
    {
        if (Avatar is not { Length: > 0 })
            return NoAvatar ? null : Mine.Picture;
        var (result, id) = await pictures.SaveAsync(Avatar, Mine.Id);
        if (result is not PictureResult.Saved)
            ModelState.AddModelError(nameof(Avatar), result switch
            {
                PictureResult.TooBig => text["This picture is too big: at most {0} KB.", Pictures.MostBytes / 1024],
                PictureResult.TooWide => text["This picture is too wide or too high: at most {0} pixels.", Pictures.MostPixels],
                _ => text["This is not a PNG or JPEG picture."],
            });
        return id;
    }
}
