using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Contacts.Reporting;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Reporting;

/// <summary>Reports a message to the administrators, by somebody who may read it.</summary>
internal sealed class ReportMessageModel(RoomStore rooms, MessageStore messages, MessageReportStore reports, ReportForm form, FrozenDictionary<string, MessageWords> words) : PageModel
{
    public RoomView Room { get; private set; } = null!;
    public StoredMessage Message { get; private set; } = null!;
    public MessageWords Words => words[CultureInfo.CurrentUICulture.Name];

    public string Back => FormattableString.Invariant($"/rooms/{Room.Number}?around={Message.Seq}");

    [BindProperty] public string Reason { get; set; } = "";

    public async Task<IActionResult> OnGetAsync(long number, long seq) =>
        !await FindAsync(number, seq) ? NotFound() : new MessageRights(User.Id(), Room).MayReport(Message) ? Page() : StatusCode(StatusCodes.Status403Forbidden);

    public async Task<IActionResult> OnPostAsync(long number, long seq)
    {
        if (!await FindAsync(number, seq))
            return NotFound();
        Reason = UserText.Line(Reason);
        return await form.TakeAsync(this, nameof(Reason), Reason, Back, () => reports.AddAsync(User.Id(), number, seq, Reason));
    }

    private async Task<bool> FindAsync(long number, long seq)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room || await messages.FindAsync(User.Id(), number, seq) is not { } message || message.Kind == MessageKind.Note)
            return false;
        (Room, Message) = (room, message);
        return true;
    }
}
