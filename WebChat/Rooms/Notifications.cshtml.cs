using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Of which messages of a room the reader is notified: a page, or the form alone in a dialog.</summary>
internal sealed class NotificationsModel(RoomStore rooms, ReadStore reads, Connections connections, IStringLocalizer<Shared.Texts> shared) : PageModel
{
    public RoomView Room { get; private set; } = null!;

    [BindProperty] public NoticeLevel? Level { get; set; }

    public async Task<IActionResult> OnGetAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room)
            return NotFound();
        Room = room;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room)
            return NotFound();
        if (Level is not { } level || !Enum.IsDefined(level))
            return BadRequest();
        if (level != room.Level)
        {
            if (!await reads.SetLevelAsync(number, User.Id(), level))
                return NotFound();
            connections.Changed(User.Id(), "rooms");
        }
        if (Request.IsHtmx())
            return Content("");
        TempData["said"] = shared["Saved"].Value;
        return Redirect(FormattableString.Invariant($"/rooms/{number}"));
    }
}
