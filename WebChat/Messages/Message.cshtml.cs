using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>One message by itself, with all that its reader may do to it: what the menu offers, without scripts.</summary>
internal sealed class MessageModel(RoomStore rooms, MessageStore messages, Changes changes, FrozenDictionary<string, MessageWords> words, TimeProvider clock) : PageModel
{
    public RoomView Room { get; private set; } = null!;
    public StoredMessage Message { get; private set; } = null!;
    public MessageRights Rights { get; private set; } = null!;
    public MessageWords Words => words[CultureInfo.CurrentUICulture.Name];
    public bool MayRecall => Rights.MayRecall(Message, changes.RecallWindow, clock.Now());

    public async Task<IActionResult> OnGetAsync(long number, long seq)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room || await messages.FindAsync(User.Id(), number, seq) is not { } message || message.Kind == MessageKind.Note)
            return NotFound();
        (Room, Message, Rights) = (room, message, new MessageRights(User.Id(), room));
        return Page();
    }
}
