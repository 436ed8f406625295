using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Messages;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Admin.Rooms;

/// <summary>Takes a message out of a room, once it is confirmed.</summary>
internal sealed class RemoveModel(LookStore looks, RemovalStore removals, FrozenDictionary<string, MessageWords> words, IStringLocalizer<Texts> text) : PageModel
{
    public StoredMessage Message { get; private set; } = null!;
    public MessageWords Words => words[CultureInfo.CurrentUICulture.Name];

    public string Back => At(Message.Room, Message.Seq);

    public async Task<IActionResult> OnGetAsync(long number, long seq)
    {
        if (await looks.FindAsync(User.Id(), number) is null)
            return Redirect(At(number, seq)); // where one is asked why
        if (await looks.MessageAsync(User.Id(), number, seq) is not { IsRecalled: false, Kind: not MessageKind.Note } message)
            return NotFound();
        Message = message;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long number, long seq)
    {
        if (await looks.FindAsync(User.Id(), number) is null)
            return Redirect(At(number, seq));
        var outcome = await removals.RemoveAsync(User.Id(), number, seq);
        if (outcome is ChangeOutcome.Unknown or ChangeOutcome.Forbidden)
            return NotFound();
        TempData["said"] = (outcome == ChangeOutcome.Changed ? text["The message is recalled"] : text["It is so already."]).Value;
        return Redirect(At(number, seq));
    }

    private static string At(long number, long seq) => FormattableString.Invariant($"/admin/rooms/{number}/messages?around={seq}");
}
