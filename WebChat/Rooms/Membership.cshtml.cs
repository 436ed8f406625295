using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Joins a group. The page itself is shown only when there is no place left.</summary>
[WritesToRoom]
internal sealed class MembershipModel(Groups groups, RoomStore rooms) : PageModel
{
    public IActionResult OnGet() => Redirect("/rooms/find");

    public async Task<IActionResult> OnPostAsync(long number) => await groups.JoinAsync(number, User.Id()) switch
    {
        JoinOutcome.Unknown => NotFound(),
        JoinOutcome.Full when Request.IsHtmx() => Partial("/Rooms/_Full.cshtml"),
        JoinOutcome.Full => Page(),
        _ when Request.IsHtmx() => Partial("/Rooms/_Joined.cshtml", await rooms.FindAsync(number, User.Id())),
        _ => Redirect(FormattableString.Invariant($"/rooms/{number}")),
    };
}
