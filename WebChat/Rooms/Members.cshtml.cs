using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Who is in a room, for those who are in it too; and who asks to be, for those who may answer.</summary>
internal sealed class MembersModel(RoomStore rooms, MemberStore members, MemberLists lists, RequestStore requests) : PageModel
{
    [BindProperty(SupportsGet = true)] public int P { get; set; } = 1;
    [BindProperty(SupportsGet = true)] public string Q { get; set; } = "";

    public RoomView Room { get; private set; } = null!;
    public MemberList List { get; private set; } = null!;
    /// <summary>Of a group, beside its members.</summary>
    public IReadOnlyList<Member> Bots { get; private set; } = [];
    public IReadOnlyList<JoinRequest> Requests { get; private set; } = [];

    /// <summary>This very page of the list.</summary>
    public string Address => At(List.Page);

    public string At(int page) => FormattableString.Invariant($"/rooms/{Room.Number}/members?p={page}{(List.Query.Length > 0 ? "&q=" + Uri.EscapeDataString(List.Query) : "")}");

    public async Task<IActionResult> OnGetAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room)
            return Request.Headers.ContainsKey("HX-Request") ? Partial("/Rooms/_Gone.cshtml") : NotFound(); // an open page is told
        Room = room;
        List = await lists.ReadAsync(room, User.Id(), Q, P);
        if (List.Wait is { } wait)
            return TooMany.Answer(HttpContext, wait);
        if (room.Requests > 0)
            Requests = await requests.ListAsync(number, User.Id(), RoomStore.PageSize);
        if (room.Kind == RoomKind.Group)
            Bots = await members.BotsAsync(number, User.Id());
        return Page();
    }
}
