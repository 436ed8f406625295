using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>What stands above a room's log, and what its reader may do there, by itself, for open pages that hear of a change. Nothing, once it is no longer the reader's to see.</summary>
internal sealed class HeadModel(RoomStore rooms, ReadStore reads, Changes changes) : PageModel
{
    public async Task<IActionResult> OnGetAsync(long number) =>
        await rooms.FindAsync(number, User.Id()) is { } room ? Partial("_HeadAnew", await RoomHeader.LoadAsync(reads, room, User.Id(), changes.RecallWindow)) : new NoContentResult();
}
