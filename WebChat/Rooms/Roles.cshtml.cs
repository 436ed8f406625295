using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Makes a member an administrator of the group, or no longer one.</summary>
[WritesToRoom]
internal sealed class RolesModel(MemberDeeds deeds, Groups groups, IStringLocalizer<Texts> text) : PageModel
{
    /// <summary>The page of the list of members to go back to.</summary>
    [BindProperty] public int P { get; set; } = 1;

    private Member who = null!;

    public IActionResult OnGet(long number) => Redirect(MemberDeeds.ListOf(number));

    public async Task<IActionResult> OnPostPromoteAsync(long number, long member) =>
        await LookAsync(number, member, RoomAction.Promote) ??
        deeds.Answer(this, number, await groups.PromoteAsync(number, User.Id(), member), who.MutedUntil is null ? text["{0} is an administrator", who.Name] : text["{0} is an administrator, and no longer muted", who.Name], MemberDeeds.ListOf(number, P));

    public async Task<IActionResult> OnPostDemoteAsync(long number, long member) =>
        await LookAsync(number, member, RoomAction.Demote) ??
        deeds.Answer(this, number, await groups.DemoteAsync(number, User.Id(), member), text["{0} is a member like others", who.Name], MemberDeeds.ListOf(number, P));

    private Task<IActionResult?> LookAsync(long number, long member, RoomAction action) => deeds.LookAsync(this, number, member, action, (_, found) => who = found);
}
