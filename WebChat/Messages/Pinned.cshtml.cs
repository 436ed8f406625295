using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>What is pinned in a room; in the conversation, the line above the log.</summary>
internal sealed class PinnedModel(RoomStore rooms, MessageStore messages, FrozenDictionary<string, MessageWords> words) : PageModel
{
    public RoomView Room { get; private set; } = null!;
    public Pins Pins { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room)
            return NotFound();
        (Room, Pins) = (room, new Pins(number, await messages.PinnedAsync(User.Id(), number, Pins.Most), words[CultureInfo.CurrentUICulture.Name]));
        return Request.IsHtmx() ? Partial("_Pinned", Pins) : Page();
    }
}

/// <summary>What is pinned in a room, the last one first.</summary>
internal sealed record Pins(long Number, IReadOnlyList<StoredMessage> Messages, MessageWords Words)
{
    /// <summary>Pins that are shown; those before them are in the history.</summary>
    public const int Most = 50;
}
