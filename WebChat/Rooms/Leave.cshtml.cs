using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Ends the membership of the reader, once it is confirmed.</summary>
[WritesToRoom]
internal sealed class LeaveModel(RoomStore rooms, Groups groups, IStringLocalizer<Texts> text) : PageModel
{
    public RoomView Room { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { Kind: RoomKind.Group } room)
            return NotFound();
        Room = room;
        return room.May(RoomAction.Leave) ? Page() : StatusCode(StatusCodes.Status403Forbidden);
    }

    public async Task<IActionResult> OnPostAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room)
            return NotFound();
        switch (await groups.LeaveAsync(number, User.Id()))
        {
            case MemberOutcome.Done:
                TempData["said"] = text["You left {0}", room.GroupName].Value;
                return RedirectToPage("/Rooms/Index");
            case MemberOutcome.Forbidden:
                return StatusCode(StatusCodes.Status403Forbidden);
            default:
                return NotFound();
        }
    }
}
