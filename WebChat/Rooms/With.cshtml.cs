using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Leads to the room of the user and a friend; those who are not friends have none.</summary>
internal sealed class WithModel(RoomStore rooms) : PageModel
{
    public async Task<IActionResult> OnGetAsync(string account) =>
        await rooms.FindDirectAsync(User.Id(), account) is { } room ? Redirect(FormattableString.Invariant($"/rooms/{room}")) : NotFound();
}
