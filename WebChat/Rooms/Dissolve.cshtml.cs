using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Ends a group for everybody, once its owner confirms it.</summary>
internal sealed class DissolveModel(RoomStore rooms, Groups groups, IStringLocalizer<Texts> text) : PageModel
{
    public RoomView Room { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { Kind: RoomKind.Group } room)
            return NotFound();
        Room = room;
        return room.May(RoomAction.Dissolve) ? Page() : StatusCode(StatusCodes.Status403Forbidden);
    }

    public async Task<IActionResult> OnPostAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room)
            return NotFound();
        if (!room.May(RoomAction.Dissolve))
            return StatusCode(StatusCodes.Status403Forbidden);
        if (!await groups.DissolveAsync(number, User.Id()))
            return NotFound();
        TempData["said"] = text["{0} is dissolved", room.GroupName].Value;
        return RedirectToPage("/Rooms/Index");
    }
}
