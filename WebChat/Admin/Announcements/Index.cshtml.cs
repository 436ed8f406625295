using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Accounts.Announcements;
using WebChat.Admin.Settings;
using WebChat.Shared;

namespace WebChat.Admin.Announcements;

/// <summary>Something to say to everybody, and what is said now.</summary>
internal sealed class IndexModel(AdminAnnouncementStore store, Board board, SettingsWatch watch, IStringLocalizer<Texts> text) : PageModel
{
    public const int LongestText = 300;

    /// <summary>For how many hours it may stand; 0 is until it is withdrawn.</summary>
    public static readonly IReadOnlyList<int> Lengths = [1, 24, 168, 0];

    [BindProperty] public string Words { get; set; } = "";
    [BindProperty] public int Hours { get; set; } = 24;

    public SiteAnnouncement? Current => board.Current;

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Lengths.Contains(Hours))
            return BadRequest();
        Words = UserText.Line(Words);
        if (Words.Length == 0)
            ModelState.AddModelError(nameof(Words), text["Write something first."]);
        else if (!UserText.Fits(Words, LongestText))
            ModelState.AddModelError(nameof(Words), text["At most {0} characters.", LongestText]);
        if (!ModelState.IsValid)
            return Page();
        if (await store.AddAsync(User.Id(), Words, Hours == 0 ? null : TimeSpan.FromHours(Hours)) == AnnouncementActed.Forbidden)
            return NotFound();
        return await SayAsync(text["It stands above every page now"]);
    }

    /// <param name="id">Which one: another may have taken its place.</param>
    public async Task<IActionResult> OnPostWithdrawAsync([FromForm] long id)
    {
        var outcome = await store.WithdrawAsync(User.Id(), id);
        if (outcome == AnnouncementActed.Forbidden)
            return NotFound();
        return await SayAsync(outcome == AnnouncementActed.Gone ? text["It was gone already"] : text["It is withdrawn"]);
    }

    private async Task<IActionResult> SayAsync(string said)
    {
        await watch.ChangedAsync();
        TempData["said"] = said;
        return Redirect("/admin/announcement");
    }
}
