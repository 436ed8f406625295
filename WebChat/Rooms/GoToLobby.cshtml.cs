using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Leads to the room that everybody is in.</summary>
internal sealed class GoToLobbyModel(ReadStore reads) : PageModel
{
    public async Task<IActionResult> OnGetAsync() =>
        (await reads.CountAsync(User.Id())).Lobby is var lobby and > 0 ? Redirect(FormattableString.Invariant($"/rooms/{lobby}")) : NotFound();
}
