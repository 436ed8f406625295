using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Joins a group, or asks to be let in. The page itself is shown only when there is no place left.</summary>
[WritesToRoom]
internal sealed class MembershipModel(Groups groups, RoomStore rooms, RateLimits rates, IOptionsMonitor<Limits> limits, IStringLocalizer<Texts> text) : PageModel
{
    public IActionResult OnGet() => Redirect("/rooms/find");

    /// <param name="number">The group.</param>
    /// <param name="message">What to say to those who may let one in.</param>
    /// <param name="q">What was looked for: where to go back to.</param>
    public async Task<IActionResult> OnPostAsync(long number, [FromForm] string? message, [FromForm] string? q)
    {
        var words = UserText.Line(message);
        if (!UserText.Fits(words, RequestStore.LongestMessage))
            return BadRequest();
        switch (await groups.JoinAsync(number, User.Id(), words))
        {
            case JoinOutcome.Unknown:
                return NotFound();
            case JoinOutcome.Full:
                return Request.IsHtmx() ? Partial("/Rooms/_Full.cshtml") : Page();
            case JoinOutcome.Asked or JoinOutcome.AlreadyAsked:
                return Request.IsHtmx() ? Partial("/Rooms/_Waiting.cshtml", (number, q ?? "")) : Back(q, text["Those who lead the group are asked. You hear when they let you in."]);
            default:
                return Request.IsHtmx() ? Partial("/Rooms/_Joined.cshtml", await rooms.FindAsync(number, User.Id())) : Redirect(FormattableString.Invariant($"/rooms/{number}"));
        }
    }

    /// <summary>Takes a request back. One that was answered meanwhile is none any more.</summary>
    public async Task<IActionResult> OnPostWithdrawAsync(long number, [FromForm] string? q)
    {
        // Asking, taking it back and asking again is more than one who waits has to do.
        if (await rates.TakeAsync("withdraw", User.Id().ToString(CultureInfo.InvariantCulture), limits.CurrentValue.RequestsPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
            return TooMany.Answer(HttpContext, wait);
        return Back(q, await groups.WithdrawAsync(number, User.Id()) ? text["Request taken back"] : text["This request is gone already."]);
    }

    private RedirectResult Back(string? q, string said)
    {
        TempData["said"] = said;
        return Redirect(string.IsNullOrEmpty(q) ? "/rooms/find" : "/rooms/find?q=" + Uri.EscapeDataString(q));
    }
}
