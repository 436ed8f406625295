using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Admin.Users;

/// <summary>Something that is done to a person, once it is confirmed. All of them are one question with other words.</summary>
internal sealed class ActingModel(AdminUserStore store, UserActs acts, IStringLocalizer<Texts> text) : PageModel
{
    private static readonly Dictionary<string, UserAct> Addresses = new(StringComparer.Ordinal)
    {
        ["disable"] = UserAct.Disable, ["enable"] = UserAct.Enable, ["make-administrator"] = UserAct.Promote,
        ["remove-administrator"] = UserAct.Demote, ["sign-out"] = UserAct.SignOut, ["reset"] = UserAct.Reset,
    };

    [BindProperty(SupportsGet = true)] public string Act { get; set; } = "";

    /// <summary>Of a reset: the second step and the passkeys go too.</summary>
    [BindProperty] public bool All { get; set; }

    public UserDetail Person { get; private set; } = null!;

    public bool IsReset => Kind is UserAct.Reset;

    private UserAct Kind => Addresses[Act];

    public bool IsGrave => Kind is UserAct.Disable or UserAct.Demote;

    /// <summary>What the button says.</summary>
    public string Name => Kind switch
    {
        UserAct.Disable => text["Disable"],
        UserAct.Enable => text["Enable"],
        UserAct.Promote => text["Make administrator"],
        UserAct.Demote => text["Remove administrator"],
        UserAct.SignOut => text["Sign out everywhere"],
        _ => text["Reset password"],
    };

    public string Question => Kind switch
    {
        UserAct.Disable => text["Disable {0}?", Person.Nickname],
        UserAct.Enable => text["Enable {0}?", Person.Nickname],
        UserAct.Promote => text["Make {0} an administrator?", Person.Nickname],
        UserAct.Demote => text["Remove {0} as an administrator?", Person.Nickname],
        UserAct.SignOut => text["Sign {0} out everywhere?", Person.Nickname],
        _ => text["Reset the password of {0}?", Person.Nickname],
    };

    public string Consequence => Kind switch
    {
        UserAct.Disable => text["Every device and token of theirs ends at once, and no password lets them in. What they wrote stays. You can enable them again; they then sign in anew."],
        UserAct.Enable => text["They can sign in again at once."],
        UserAct.Promote => text["They will see everybody's account and address, and can do all that you can, to you too."],
        UserAct.Demote => text["They are a member like all others from their next click on."],
        UserAct.SignOut => text["Every device and token of theirs ends at once. They can sign in again with their password."],
        _ => text["Their password ends now, with every device and token. A mail to {0} says how to set a new one; nobody but them learns it.", Person.Email],
    };

    public async Task<IActionResult> OnGetAsync(string account)
    {
        if (!Addresses.ContainsKey(Act) || await store.FindAsync(account) is not { } user)
            return NotFound();
        Person = user;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string account)
    {
        if (!Addresses.ContainsKey(Act) || await store.FindAsync(account) is not { } user)
            return NotFound();
        var outcome = await acts.DoAsync(Kind, User.Id(), user.Account, IsReset && All);
        if (outcome == Acted.Unknown)
            return NotFound();
        if (outcome is Acted.Done or Acted.Same)
            TempData["said"] = Said(user, outcome);
        else
            TempData["Refusal"] = Why(outcome);
        return Redirect(Kind == UserAct.Demote && outcome == Acted.Done && user.Id == User.Id() ? "/rooms" : $"/admin/users/{user.Account}");
    }

    private string Said(UserDetail user, Acted outcome) => outcome == Acted.Same ? text["It is so already."] : Kind switch
    {
        UserAct.Disable => text["{0} is disabled", user.Nickname],
        UserAct.Enable => text["{0} is enabled", user.Nickname],
        UserAct.Promote => text["{0} is an administrator now", user.Nickname],
        UserAct.Demote => text["{0} is no administrator any more", user.Nickname],
        UserAct.SignOut => text["{0} is signed out everywhere", user.Nickname],
        _ => All ? text["The password of {0} is reset, their second step and passkeys are removed, and a mail is on its way", user.Nickname] : text["The password of {0} is reset, and a mail is on its way", user.Nickname],
    };

    private string Why(Acted outcome) => outcome switch
    {
        Acted.LastAdministrator => text["The last administrator cannot step down. Make somebody else one first."],
        Acted.Oneself => text["You cannot disable yourself."],
        _ => text["Enable them first."],
    };
}
