using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace WebChat.Admin.Users;

/// <summary>One person, and what an administrator can do to them.</summary>
internal sealed class DetailModel(AdminUserStore store) : PageModel
{
    public UserDetail Person { get; private set; } = null!;

    /// <summary>Why the last act was not done.</summary>
    [TempData] public string? Refusal { get; set; }

    public async Task<IActionResult> OnGetAsync(string account)
    {
        if (await store.FindAsync(account) is not { } user)
            return NotFound();
        Person = user;
        return Page();
    }
}
