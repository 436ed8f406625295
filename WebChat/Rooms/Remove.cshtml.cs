using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Puts a member out of a group, once somebody above them confirms it.</summary>
[WritesToRoom]
internal sealed class RemoveModel(RoomStore rooms, MemberStore members, Groups groups, IStringLocalizer<Texts> text) : PageModel
{
    /// <summary>The page of the list of members to go back to.</summary>
    [BindProperty(SupportsGet = true)] public int P { get; set; } = 1;

    public RoomView Room { get; private set; } = null!;
    public Member Who { get; private set; } = null!;
    public string Members => FormattableString.Invariant($"/rooms/{Room.Number}/members{(P > 1 ? $"?p={P}" : "")}");

    public async Task<IActionResult> OnGetAsync(long number, long member) => await FindAsync(number, member) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(long number, long member)
    {
        if (!await FindAsync(number, member) || !await groups.RemoveAsync(number, User.Id(), member))
            return NotFound();
        TempData["said"] = text["{0} is removed", Who.Name].Value;
        return Redirect(Members);
    }

    private async Task<bool> FindAsync(long number, long member)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room || await members.FindRemovableAsync(number, User.Id(), member) is not { } who)
            return false;
        (Room, Who) = (room, who);
        return true;
    }
}
