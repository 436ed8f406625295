using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Lucky;

/// <summary>Opens lucky money, and shows who got what of it.</summary>
[WritesToRoom]
internal sealed class OpenModel(RoomStore rooms, MessageStore messages, LuckyStore lucky, Changes changes, FrozenDictionary<string, MessageWords> words, TimeProvider clock) : PageModel
{
    public RoomView Room { get; private set; } = null!;
    public StoredMessage Message { get; private set; } = null!;
    public LuckyPacket Packet { get; private set; } = null!;
    public IReadOnlyList<LuckyShare> Shares { get; private set; } = [];
    public MessageWords Words => words[CultureInfo.CurrentUICulture.Name];

    /// <summary>The first of the largest; none where all are alike, or one is alone.</summary>
    public LuckyShare? Best => Packet.IsRandom && Shares.Count > 1 ? Shares.MaxBy(s => s.Points) : null;

    public async Task<IActionResult> OnGetAsync(long number, long seq)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room || await messages.FindAsync(User.Id(), number, seq) is not { Kind: LuckyKind.Id } message || message.Read<LuckyPacket>() is not { } packet)
            return NotFound();
        (Room, Message, Packet, Shares) = (room, message, packet, await lucky.SharesAsync(User.Id(), number, seq));
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long number, long seq) => changes.Answer(Request, await lucky.OpenAsync(User.Id(), number, seq, clock.Now()));
}
