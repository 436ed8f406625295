using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Gives a group to another member: first whom to, then whether that is meant.</summary>
[WritesToRoom]
internal sealed class HandOverModel(RoomStore rooms, MemberLists lists, MemberDeeds deeds, Groups groups, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty(SupportsGet = true)] public string Q { get; set; } = "";
    [BindProperty(SupportsGet = true)] public int P { get; set; } = 1;

    public RoomView Room { get; private set; } = null!;

    /// <summary>The next owner, once one is chosen.</summary>
    public Member? Who { get; private set; }
    public IReadOnlyList<Member> Members { get; private set; } = [];
    public bool HasMore { get; private set; }

    public async Task<IActionResult> OnGetAsync(long number, long? member)
    {
        if (member is { } id)
            return await LookAsync(number, id) ?? Page();
        if (await rooms.FindAsync(number, User.Id()) is not { } room)
            return NotFound();
        if (!room.May(RoomAction.HandOver))
            return StatusCode(StatusCodes.Status403Forbidden);
        Room = room;
        var list = await lists.ReadAsync(room, User.Id(), Q, P);
        if (list.Wait is { } wait)
            return TooMany.Answer(HttpContext, wait);
        (Q, P, HasMore) = (list.Query, list.Page, list.HasMore);
        Members = [.. list.Members.Where(who => room.May(RoomAction.HandOver, who))];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long number, long member) =>
        await LookAsync(number, member) ?? deeds.Answer(this, number, await groups.HandOverAsync(number, User.Id(), member), text["{0} is the owner now", Who!.Name]);

    private Task<IActionResult?> LookAsync(long number, long member) => deeds.LookAsync(this, number, member, RoomAction.HandOver, (room, who) => (Room, Who) = (room, who));
}
