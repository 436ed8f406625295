using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Messages.Kinds;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>A message's words, to be written anew by their author. For a script, the form alone.</summary>
[WritesToRoom]
internal sealed class EditModel(RoomStore rooms, MessageStore messages, Changes changes, RefusedWords refused, IStringLocalizer<Texts> texts) : PageModel
{
    public RoomView Room { get; private set; } = null!;
    public StoredMessage Message { get; private set; } = null!;
    public string Words { get; private set; } = "";
    public string? Error { get; private set; }

    public async Task<IActionResult> OnGetAsync(long number, long seq)
    {
        if (!await FindAsync(number, seq))
            return NotFound();
        Words = Message.Body;
        return Request.IsHtmx() ? Partial("_EditForm", this) : Page();
    }

    public async Task<IActionResult> OnPostAsync(long number, long seq, [FromForm] string? content)
    {
        var text = MessageRules.Normalize(content);
        if (await messages.FindAsync(User.Id(), number, seq) is not { } message || (Kind.Of(message).Problem(text) ?? (refused.AreIn(text) ? Posting.Refused : null)) is not { } problem)
            return changes.Answer(Request, await changes.EditAsync(User.Id(), number, seq, text));
        if (Request.WantsJson() || Request.IsHtmx())
            return Changes.Refuse(Request, StatusCodes.Status400BadRequest, texts[problem].Value);
        if (!await FindAsync(number, seq))
            return NotFound();
        (Words, Error) = (text, texts[problem].Value);
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private async Task<bool> FindAsync(long number, long seq)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { UntilSeq: null } room || await messages.FindAsync(User.Id(), number, seq) is not { } message ||
            !new MessageRights(User.Id(), room).MayEdit(message))
            return false;
        (Room, Message) = (room, message);
        return true;
    }
}
