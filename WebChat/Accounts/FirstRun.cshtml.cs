using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>An empty installation opens here; once there is a user, there is no such page.</summary>
[AllowAnonymous]
internal sealed class FirstRunModel(Site site, UserManager<User> users, Sessions sessions, IStringLocalizer<Texts> text) : PageModel
{
    private const int LongestName = 60;

    [BindProperty] public string SiteName { get; set; } = "";
    [BindProperty] public string Account { get; set; } = "";
    [BindProperty] public string Email { get; set; } = "";
    [BindProperty] public string Password { get; set; } = "";

    public async Task<IActionResult> OnGetAsync() => await site.IsSetUpAsync() ? NotFound() : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await site.IsSetUpAsync())
            return NotFound();
        var user = new User { Account = Account.Trim(), Nickname = Account.Trim(), Email = Email.Trim(), IsAdmin = true, Founds = UserText.Line(SiteName) };
        await CheckAsync(user);
        if (!ModelState.IsValid)
            return Page();
        var created = await users.CreateAsync(user, Password);
        if (!created.Succeeded)
        {
            ModelState.Add(created);
            return Page();
        }
        await sessions.StartAsync(HttpContext, user);
        return Redirect("/");
    }

    private async Task CheckAsync(User user)
    {
        if (user.Founds is not { Length: > 0 } name)
            ModelState.AddModelError(nameof(SiteName), text["Give it a name."]);
        else if (!UserText.Fits(name, LongestName))
            ModelState.AddModelError(nameof(SiteName), text["At most {0} characters.", LongestName]);
        await users.CheckAsync(user, Password, ModelState);
    }
}
