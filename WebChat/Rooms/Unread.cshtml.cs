using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>The rail's number of unread messages by itself.</summary>
internal sealed class UnreadModel(ReadStore reads) : PageModel
{
    public async Task<IActionResult> OnGetAsync() => Partial("/Rooms/_RailUnread.cshtml", (await reads.CountAsync(User.Id())).Unread);
}
