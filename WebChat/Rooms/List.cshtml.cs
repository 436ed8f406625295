using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>The list of conversations by itself, for pages that show it and hear that it has changed.</summary>
internal sealed class ListModel(RoomStore rooms) : PageModel
{
    public async Task<IActionResult> OnGetAsync(long? open) =>
        Partial("/Rooms/_RoomList.cshtml", new RoomList(await rooms.ListAsync(User.Id()), User.Id(), open));
}
