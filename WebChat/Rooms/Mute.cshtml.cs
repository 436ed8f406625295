using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Keeps a member of a group from writing for a time, or lets them write again.</summary>
[WritesToRoom]
internal sealed class MuteModel(MemberDeeds deeds, Groups groups, IStringLocalizer<Texts> text) : PageModel
{
    /// <summary>The longest time but for ever, in minutes: a year.</summary>
    private const int Longest = 366 * 24 * 60;

    /// <summary>The page of the list of members to go back to.</summary>
    [BindProperty(SupportsGet = true)] public int P { get; set; } = 1;

    public RoomView Room { get; private set; } = null!;
    public Member Who { get; private set; } = null!;
    public string Members => MemberDeeds.ListOf(Room.Number, P);

    public async Task<IActionResult> OnGetAsync(long number, long member) => await LookAsync(number, member) ?? Page();

    /// <param name="number">The group.</param>
    /// <param name="member">Whom.</param>
    /// <param name="minutes">For how long; 0 is until somebody ends it.</param>
    public async Task<IActionResult> OnPostAsync(long number, long member, [FromForm] int? minutes)
    {
        if (await LookAsync(number, member) is { } instead)
            return instead;
        if (minutes is not (>= 0 and <= Longest))
            return BadRequest();
        return deeds.Answer(this, number, await groups.MuteAsync(number, User.Id(), member, minutes == 0 ? null : TimeSpan.FromMinutes(minutes.Value)), text["{0} is muted", Who.Name], Members);
    }

    public async Task<IActionResult> OnPostEndAsync(long number, long member) =>
        await LookAsync(number, member) ?? deeds.Answer(this, number, await groups.UnmuteAsync(number, User.Id(), member), text["{0} can write again", Who.Name], Members);

    private Task<IActionResult?> LookAsync(long number, long member) => deeds.LookAsync(this, number, member, RoomAction.Mute, (room, who) => (Room, Who) = (room, who));
}
