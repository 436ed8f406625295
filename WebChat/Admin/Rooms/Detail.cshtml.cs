using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Rooms;

namespace WebChat.Admin.Rooms;

/// <summary>One room, who is in it, and what an administrator can do to it.</summary>
internal sealed class DetailModel(AdminRoomStore store) : PageModel
{
    private const int LastPage = 1_000_000;

    [BindProperty(SupportsGet = true)] public int P { get; set; } = 1;

    public RoomDetail Room { get; private set; } = null!;
    public IReadOnlyList<Member> Members { get; private set; } = [];
    public bool HasMore { get; private set; }

    public async Task<IActionResult> OnGetAsync(long number)
    {
        if (await store.FindAsync(number) is not { } room)
            return NotFound();
        P = Math.Clamp(P, 1, LastPage);
        var members = await store.MembersAsync(number, P);
        (Room, HasMore) = (room, members.Count > AdminRoomStore.PageSize);
        Members = HasMore ? members[..AdminRoomStore.PageSize] : members;
        return Page();
    }
}
