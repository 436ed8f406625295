using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Bots;

/// <summary>A group's bots, for those who lead it; for everybody else there is no such page. A new one's keys are shown once, in the answer that makes it.</summary>
[WritesToRoom]
internal sealed class IndexModel(RoomStore rooms, BotStore store, BotKeeping keeping, WebhookRule rule, RateLimits rates, IOptionsMonitor<Limits> limits, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Name { get; set; } = "";
    [BindProperty] public string Webhook { get; set; } = "";

    public RoomView Room { get; private set; } = null!;
    public IReadOnlyList<Bot> Bots { get; private set; } = [];
    public BotKeys? Keys { get; private set; }

    public async Task<IActionResult> OnGetAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room || !room.May(RoomAction.ManageBots))
            return NotFound();
        Room = room;
        Bots = await store.ListAsync(User.Id(), number);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room || !room.May(RoomAction.ManageBots))
            return NotFound();
        Name = (Name ?? "").Trim();
        if (!BotKeeping.IsName(Name))
            ModelState.AddModelError(nameof(Name), text["3 to 24 letters, digits, _ and -, beginning with a letter. Members call it by @ and this name."]);
        var webhook = rule.Check(ModelState, nameof(Webhook), Webhook);
        if (ModelState.IsValid)
            Say(await store.LookAsync(User.Id(), number, Name));
        // Like an account it takes a name that others could have had: so many an hour, of those that can be made.
        if (ModelState.IsValid && await rates.TakeAsync("bot", User.Id().ToString(CultureInfo.InvariantCulture), limits.CurrentValue.RegistrationsPerHour, TimeSpan.FromHours(1)) is { } wait)
            ModelState.AddModelError(nameof(Name), text["Too many new bots. Try again in {0} seconds.", TooMany.Say(HttpContext, wait)]);
        if (ModelState.IsValid)
            await MakeAsync(number, webhook);
        if (!ModelState.IsValid && Response.StatusCode == StatusCodes.Status200OK)
            Response.StatusCode = StatusCodes.Status400BadRequest;
        return await OnGetAsync(number);
    }

    private async Task MakeAsync(long number, string? webhook)
    {
        (var outcome, Keys) = await keeping.MakeAsync(User.Id(), number, Name, webhook);
        Say(outcome);
        if (Keys is null)
            return;
        ModelState.Clear();
        (Name, Webhook) = ("", "");
    }

    /// <summary>Notes at the field why there can be no such bot.</summary>
    private void Say(BotOutcome outcome)
    {
        if (outcome == BotOutcome.Taken)
            ModelState.AddModelError(nameof(Name), text["This name is taken."]);
        else if (outcome == BotOutcome.TooMany)
            ModelState.AddModelError(nameof(Name), text["There are {0} bots already. Remove one first.", BotStore.Most]);
    }
}
