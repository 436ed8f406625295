using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Bots;

/// <summary>One bot: who is called for it, and new keys.</summary>
internal sealed class BotModel(RoomStore rooms, BotStore store, BotKeeping keeping, WebhookRule rule, IStringLocalizer<Shared.Texts> shared) : PageModel
{
    [BindProperty] public string Webhook { get; set; } = "";

    public RoomView Room { get; private set; } = null!;
    public Bot Bot { get; private set; } = null!;
    public BotKeys? Keys { get; private set; }

    public async Task<IActionResult> OnGetAsync(long number, string bot)
    {
        if (!await FindAsync(number, bot))
            return NotFound();
        Webhook = Bot.Webhook ?? "";
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long number, string bot)
    {
        if (!await FindAsync(number, bot))
            return NotFound();
        var webhook = rule.Check(ModelState, nameof(Webhook), Webhook);
        if (!ModelState.IsValid)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }
        if (!await store.SetWebhookAsync(User.Id(), number, Bot.UserId, webhook))
            return NotFound();
        TempData["said"] = shared["Saved"].Value;
        return Redirect(FormattableString.Invariant($"/rooms/{number}/bots/{Bot.Name}"));
    }

    public async Task<IActionResult> OnPostRenewAsync(long number, string bot)
    {
        if (!await FindAsync(number, bot) || (Keys = await keeping.RenewAsync(User.Id(), number, Bot.UserId)) is null)
            return NotFound();
        ModelState.Clear();
        Webhook = Bot.Webhook ?? "";
        return Page();
    }

    private async Task<bool> FindAsync(long number, string name)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room || !room.May(RoomAction.ManageBots) || await store.FindAsync(User.Id(), number, name) is not { } bot)
            return false;
        (Room, Bot) = (room, bot);
        return true;
    }
}
