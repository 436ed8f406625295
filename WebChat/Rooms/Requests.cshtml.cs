using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Lets those into a group who ask, or not.</summary>
[WritesToRoom]
internal sealed class RequestsModel(Groups groups, IStringLocalizer<Texts> text) : PageModel
{
    public IActionResult OnGet(long number) => Redirect(MemberDeeds.ListOf(number));

    public Task<IActionResult> OnPostAcceptAsync(long number, long member) => AnswerAsync(number, member, isAccepted: true);

    public Task<IActionResult> OnPostDeclineAsync(long number, long member) => AnswerAsync(number, member, isAccepted: false);

    private async Task<IActionResult> AnswerAsync(long number, long member, bool isAccepted)
    {
        var outcome = await groups.AnswerAsync(number, User.Id(), member, isAccepted);
        if (outcome == AnswerOutcome.Unknown)
            return NotFound();
        if (outcome == AnswerOutcome.Forbidden)
            return StatusCode(StatusCodes.Status403Forbidden);
        TempData["said"] = outcome switch
        {
            AnswerOutcome.Gone => text["This request is gone: it was taken back, or answered by somebody else."].Value,
            AnswerOutcome.Full => text["The group is full. The request stays until there is a place."].Value,
            _ when isAccepted => text["They are in the group now"].Value,
            _ => text["Request declined"].Value,
        };
        return Redirect(MemberDeeds.ListOf(number));
    }
}
