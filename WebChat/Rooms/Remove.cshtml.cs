using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Puts a member out of a group, once somebody above them confirms it.</summary>
[WritesToRoom]
internal sealed class RemoveModel(MemberDeeds deeds, Groups groups, IStringLocalizer<Texts> text) : PageModel
{
    /// <summary>The page of the list of members to go back to.</summary>
    [BindProperty(SupportsGet = true)] public int P { get; set; } = 1;

    public RoomView Room { get; private set; } = null!;
    public Member Who { get; private set; } = null!;
    public string Members => MemberDeeds.ListOf(Room.Number, P);

    public async Task<IActionResult> OnGetAsync(long number, long member) => await LookAsync(number, member) ?? Page();

    public async Task<IActionResult> OnPostAsync(long number, long member) =>
        await LookAsync(number, member) ?? deeds.Answer(this, number, await groups.RemoveAsync(number, User.Id(), member), text["{0} is removed", Who.Name], Members);

    private Task<IActionResult?> LookAsync(long number, long member) => deeds.LookAsync(this, number, member, RoomAction.Remove, (room, who) => (Room, Who) = (room, who));
}
