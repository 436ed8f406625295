using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>A group's invite links, for those who may invite. A new one is shown once, in the answer that makes it.</summary>
[WritesToRoom]
internal sealed class InvitesModel(RoomStore rooms, InviteStore invites, Groups groups, IStringLocalizer<Texts> text) : PageModel
{
    /// <summary>How many may come by a link; 0 is any number.</summary>
    public static readonly IReadOnlyList<int> Counts = [1, 10, 100, 0];

    private const int LongestDays = 366;

    /// <summary>For how long it is good; 0 is for ever.</summary>
    [BindProperty] public int Days { get; set; } = 7;
    [BindProperty] public int Uses { get; set; } = 10;

    public RoomView Room { get; private set; } = null!;
    public IReadOnlyList<Invite> Invites { get; private set; } = [];
    public string? Link { get; private set; }
    public Qr? Picture { get; private set; }
    public string? Error { get; private set; }

    public async Task<IActionResult> OnGetAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { Kind: RoomKind.Group } room)
            return NotFound();
        Room = room;
        if (!room.May(RoomAction.Invite))
            return StatusCode(StatusCodes.Status403Forbidden);
        Invites = await invites.ListAsync(number, User.Id());
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long number)
    {
        if (Days is < 0 or > LongestDays || !Counts.Contains(Uses))
            return BadRequest();
        var (outcome, token) = await groups.InviteAsync(number, User.Id(), Uses == 0 ? null : Uses, Days == 0 ? null : TimeSpan.FromDays(Days));
        if (outcome == InviteOutcome.Made)
        {
            Link = $"{Request.Scheme}://{Request.Host}{Request.PathBase}/invites/{token}";
            Picture = Qr.Of(Link);
        }
        else if (outcome == InviteOutcome.TooMany)
        {
            Error = text["There are {0} links already. Revoke one first.", InviteStore.Most];
            Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        return await OnGetAsync(number);
    }

    /// <param name="number">The group.</param>
    /// <param name="link">By which the list knows it.</param>
    public async Task<IActionResult> OnPostRevokeAsync(long number, [FromForm] string? link)
    {
        var outcome = await invites.RevokeAsync(number, User.Id(), link ?? "");
        if (outcome == MemberOutcome.Unknown)
            return NotFound();
        if (outcome == MemberOutcome.Forbidden)
            return StatusCode(StatusCodes.Status403Forbidden);
        TempData["said"] = (outcome == MemberOutcome.Gone ? text["This link was gone already"] : text["The link leads nowhere now"]).Value;
        return Redirect(FormattableString.Invariant($"/rooms/{number}/invites"));
    }
}
