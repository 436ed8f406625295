using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Where an invite link leads: what the group is, and the way in. What is no link, and what is none any more, has one answer.</summary>
[WritesToRoom]
internal sealed class InvitedModel(InviteStore invites, Groups groups, RateLimits rates, IOptionsMonitor<Limits> limits) : PageModel
{
    /// <summary>Null where the link is not good.</summary>
    public InvitedTo? Group { get; private set; }
    public bool IsFull { get; private set; }

    public async Task<IActionResult> OnGetAsync(string token) => await WaitAsync() ?? await ShowAsync(token);

    public async Task<IActionResult> OnPostAsync(string token)
    {
        if (await WaitAsync() is { } wait)
            return wait;
        var (room, outcome) = await groups.FollowInviteAsync(token, User.Id());
        if (outcome is JoinOutcome.Joined or JoinOutcome.AlreadyIn)
            return Redirect(FormattableString.Invariant($"/rooms/{room}"));
        IsFull = outcome == JoinOutcome.Full;
        return await ShowAsync(token);
    }

    private async Task<IActionResult> ShowAsync(string token)
    {
        Group = await invites.FindAsync(Token.IdOf(token), User.Id());
        if (Group is null)
            Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }

    /// <summary>Who tries links one after the other is to be slow; together with looking for groups, since it is nothing else.</summary>
    private async Task<IActionResult?> WaitAsync() =>
        await rates.TakeAsync("search", User.Id().ToString(CultureInfo.InvariantCulture), limits.CurrentValue.SearchesPerMinute, TimeSpan.FromMinutes(1)) is { } wait ? TooMany.Answer(HttpContext, wait) : null;
}
