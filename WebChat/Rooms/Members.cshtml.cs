using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Who is in a room, for those who are in it too.</summary>
internal sealed class MembersModel(RoomStore rooms, MemberStore members) : PageModel
{
    [BindProperty(SupportsGet = true)] public int P { get; set; } = 1;

    public RoomView Room { get; private set; } = null!;
    public IReadOnlyList<Member> Members { get; private set; } = [];

    /// <summary>Of a group, beside its members.</summary>
    public IReadOnlyList<Member> Bots { get; private set; } = [];

    public bool HasMore => (long)P * RoomStore.PageSize < Room.Members;

    /// <summary>True where the reader leads the group and stands above the member.</summary>
    public bool MayRemove(Member member) => Room.MayManage && member.Role < Room.Role;

    public async Task<IActionResult> OnGetAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room)
            return Request.Headers.ContainsKey("HX-Request") ? Partial("/Rooms/_Gone.cshtml") : NotFound(); // an open page is told
        Room = room;
        P = Math.Clamp(P, 1, (int)Math.Max(1, (room.Members + RoomStore.PageSize - 1) / RoomStore.PageSize));
        Members = await members.PageAsync(number, User.Id(), P);
        if (room.Kind == RoomKind.Group)
            Bots = await members.BotsAsync(number, User.Id());
        return Page();
    }
}
