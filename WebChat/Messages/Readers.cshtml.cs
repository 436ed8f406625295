using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>Who has read a message, for its author.</summary>
internal sealed class ReadersModel(RoomStore rooms, ReadStore reads, MessageStore messages) : PageModel
{
    [BindProperty(SupportsGet = true)] public int P { get; set; } = 1;

    public RoomView Room { get; private set; } = null!;
    public long Seq { get; private set; }
    public IReadOnlyList<Member> Readers { get; private set; } = [];
    public bool IsMore => Readers.Count == RoomStore.PageSize;

    public async Task<IActionResult> OnGetAsync(long number, long seq)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room || await messages.FindAsync(User.Id(), number, seq) is not { } message || message.AuthorId != User.Id())
            return NotFound();
        P = Math.Clamp(P, 1, 10_000);
        (Room, Seq, Readers) = (room, seq, await reads.ReadersAsync(number, User.Id(), seq, P));
        return Page();
    }
}
