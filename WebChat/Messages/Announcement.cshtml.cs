using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Messages.Formatting;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>A group's announcement, whole and with its links; its members put it away, each for themselves.</summary>
internal sealed class AnnouncementModel(RoomStore rooms, Groups groups) : PageModel
{
    public RoomView Room { get; private set; } = null!;

    /// <summary>As a message of the same words would be.</summary>
    public HtmlString Text { get; private set; } = HtmlString.Empty;

    public async Task<IActionResult> OnGetAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { Announcement.Length: > 0 } room)
            return NotFound();
        Room = room;
        var html = new ArrayBufferWriter<byte>();
        MessageText.Write(html, room.Announcement, Mentioned.Nobody);
        Text = new HtmlString(Encoding.UTF8.GetString(html.WrittenSpan));
        return Page();
    }

    /// <param name="number">The group.</param>
    /// <param name="at">Which announcement: one that was made meanwhile is still to be read.</param>
    public async Task<IActionResult> OnPostAsync(long number, [FromForm] long at)
    {
        if (!await groups.HearAsync(number, User.Id(), at))
            return NotFound();
        return Request.IsHtmx() ? new NoContentResult() : Redirect(FormattableString.Invariant($"/rooms/{number}"));
    }
}
