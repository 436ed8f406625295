using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Messages;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Admin.Rooms;

/// <summary>One message, and what it said before it was edited.</summary>
internal sealed class MessageModel(LookStore looks, FrozenDictionary<string, MessageWords> words) : PageModel
{
    public StoredMessage Message { get; private set; } = null!;
    public IReadOnlyList<EarlierWords> Earlier { get; private set; } = [];
    public MessageWords Words => words[CultureInfo.CurrentUICulture.Name];

    public async Task<IActionResult> OnGetAsync(long number, long seq)
    {
        if (await looks.FindAsync(User.Id(), number) is null)
            return Redirect(FormattableString.Invariant($"/admin/rooms/{number}/messages?around={seq}")); // where one is asked why
        if (await looks.MessageAsync(User.Id(), number, seq) is not { } message)
            return NotFound();
        (Message, Earlier) = (message, await looks.EarlierAsync(User.Id(), number, seq));
        return Page();
    }
}
