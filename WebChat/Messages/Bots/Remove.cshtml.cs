using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Bots;

/// <summary>Lets a bot go, once somebody who leads its group confirms it.</summary>
[WritesToRoom]
internal sealed class RemoveModel(RoomStore rooms, BotStore store, BotKeeping keeping, IStringLocalizer<Texts> text) : PageModel
{
    public RoomView Room { get; private set; } = null!;
    public Bot Bot { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(long number, string bot) => await FindAsync(number, bot) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(long number, string bot)
    {
        if (!await FindAsync(number, bot) || !await keeping.RemoveAsync(User.Id(), number, Bot.UserId))
            return NotFound();
        TempData["said"] = text["{0} is removed", Bot.Name].Value;
        return Redirect(FormattableString.Invariant($"/rooms/{number}/bots"));
    }

    private async Task<bool> FindAsync(long number, string name)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room || !room.May(RoomAction.ManageBots) || await store.FindAsync(User.Id(), number, name) is not { } bot)
            return false;
        (Room, Bot) = (room, bot);
        return true;
    }
}
