using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Accounts.Push;

/// <summary>Whether this device shows notifications, which its browser alone can say, and what stands in them.</summary>
internal sealed class NotificationsModel(PushStore store, PushSender sender, IStringLocalizer<Shared.Texts> shared) : PageModel
{
    [BindProperty] public bool ShowsText { get; set; }

    /// <summary>By what a browser's push service is to know this installation; null where nothing is pushed.</summary>
    public string? Key { get; private set; }

    public async Task OnGetAsync()
    {
        ShowsText = await store.ShowsTextAsync(User.Id());
        Key = sender.IsOn ? (await store.KeyAsync()).Public : null;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await store.SetShowsTextAsync(User.Id(), ShowsText);
        TempData["said"] = shared["Saved"].Value;
        return Redirect("/me/notifications");
    }
}
