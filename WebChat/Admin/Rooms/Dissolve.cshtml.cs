using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Admin.Rooms;

/// <summary>Ends a group for everybody, once it is confirmed.</summary>
internal sealed class DissolveModel(AdminRoomStore store, Groups groups, IStringLocalizer<Texts> text) : PageModel
{
    public RoomDetail Room { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(long number)
    {
        if (await store.FindAsync(number) is not { Kind: RoomKind.Group } room)
            return NotFound();
        Room = room;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long number)
    {
        if (await store.FindAsync(number) is not { } room || await store.DissolveAsync(User.Id(), number) is not { } were)
            return NotFound();
        groups.TellOfEnd(number, were);
        TempData["said"] = text["{0} is dissolved", room.Name].Value;
        return Redirect("/admin/rooms");
    }
}
