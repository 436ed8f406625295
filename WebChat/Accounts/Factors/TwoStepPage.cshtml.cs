using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Accounts.Proof;
using WebChat.Shared;

namespace WebChat.Accounts.Factors;

/// <summary>Turning the second step on, and off; new recovery codes.</summary>
[AsksForPassword]
internal sealed class TwoStepModel(TwoStep twoStep, UserStore users, Site site, PasswordProof proof, AccountMail mail, IDataProtectionProvider protection, IStringLocalizer<Texts> text) : PageModel
{
    private const string Address = "/me/security/two-step";

    private static readonly TimeSpan SetUpGoodFor = TimeSpan.FromMinutes(30);

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("WebChat.TwoStep.SetUp").ToTimeLimitedDataProtector();

    [BindProperty] public string Code { get; set; } = "";
    [BindProperty] public string Password { get; set; } = "";

    /// <summary>The secret that is being set up, as the form carries it: for this user alone.</summary>
    [BindProperty] public string SetUp { get; set; } = "";

    /// <summary>Null where it is off.</summary>
    public TwoStepState? State { get; private set; }

    /// <summary>The key as one types it into an app that has no camera.</summary>
    public string Key { get; private set; } = "";

    public Qr? Picture { get; private set; }

    /// <summary>The same for an app on this very device.</summary>
    public string SetUpAddress { get; private set; } = "";

    /// <summary>Recovery codes that were made just now.</summary>
    public IReadOnlyList<string>? Made { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        State = await twoStep.FindAsync(User.Id());
        if (State is null)
            await ShowAsync(Totp.NewSecret());
        return Page();
    }

    /// <summary>Turns it on, when the app gives the right code for what it was shown.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        if (Read() is not { } secret || await twoStep.FindAsync(User.Id()) is not null)
            return Redirect(Address);
        if ((Made = await twoStep.TurnOnAsync(User.Id(), secret, Code)) is null)
        {
            ModelState.AddModelError(nameof(Code), text["This is not the code that the app shows for this key. Is your telephone's clock right?"]);
            await ShowAsync(secret);
            return Page();
        }
        await TellAsync(text["Two-step sign-in was turned on for your account."]);
        State = await twoStep.FindAsync(User.Id());
        return Page();
    }

    public async Task<IActionResult> OnPostRenewAsync()
    {
        if ((Made = await twoStep.RenewAsync(User.Id())) is null)
            return Redirect(Address);
        await TellAsync(text["New recovery codes were made for your account. The old ones do not work any more."]);
        State = await twoStep.FindAsync(User.Id());
        return Page();
    }

    public async Task<IActionResult> OnPostOffAsync()
    {
        if ((State = await twoStep.FindAsync(User.Id())) is null)
            return Redirect(Address);
        if (await proof.WrongAsync(HttpContext, Password) is { } wrong)
            ModelState.AddModelError(nameof(Password), wrong);
        else if (await twoStep.TryAsync(HttpContext, (await users.FindAsync(User.Id()))!, Code) is var outcome && outcome != CodeOutcome.Right)
            ModelState.AddModelError(nameof(Code), outcome == CodeOutcome.Locked ? text["Too many tries. Try again in a quarter of an hour."] : text["This code is not right, or was used before."]);
        if (!ModelState.IsValid)
            return Page();
        await twoStep.TurnOffAsync(User.Id());
        await TellAsync(text["Two-step sign-in was turned off for your account."]);
        TempData["said"] = text["Two-step sign-in is off."].Value;
        return Redirect("/me/security");
    }

    private async Task ShowAsync(string secret)
    {
        SetUp = protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{User.Id()} {secret}"), SetUpGoodFor);
        ModelState.Remove(nameof(SetUp)); // what the form brought gives way
        Key = string.Join(' ', secret.Chunk(4).Select(four => new string(four)));
        SetUpAddress = TwoStep.Address(await site.NameAsync(), User.Account(), secret);
        Picture = Qr.Of(SetUpAddress);
    }

    private string? Read()
    {
        try
        {
            return protector.Unprotect(SetUp).Split(' ') is [var user, var secret] && string.Equals(user, User.Id().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) ? secret : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private async Task TellAsync(string happened) => await mail.TellAsync((await users.FindAsync(User.Id()))!.Email, happened);
}
