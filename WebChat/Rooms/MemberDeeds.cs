using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>
/// What the pages by which one member does something to another have in common: whom it is about, and the answer. Nobody is shown
/// what they may not see (404), everybody is told what they may not do (403), and what somebody else did first is said in a sentence.
/// </summary>
internal sealed class MemberDeeds(RoomStore rooms, MemberStore members, IStringLocalizer<Texts> text)
{
    /// <summary>Looks for both before anything is asked or done.</summary>
    /// <param name="page">Whose reader wants to do it.</param>
    /// <param name="number">The room.</param>
    /// <param name="member">To whom.</param>
    /// <param name="action">What.</param>
    /// <param name="show">Takes both, where they are.</param>
    /// <returns>Null where it may go on, else the answer.</returns>
    public async Task<IActionResult?> LookAsync(PageModel page, long number, long member, RoomAction action, Action<RoomView, Member> show)
    {
        if (await rooms.FindAsync(number, page.User.Id()) is not { } room)
            return page.NotFound();
        if (await members.FindAsync(number, page.User.Id(), member) is not { } who)
            return room.May(action) ? Gone(page, number) : Forbidden(page);
        show(room, who);
        // A form that is sent again finds what it has done itself: the store tells that from what one may not do.
        return room.May(action, who) || HttpMethods.IsPost(page.Request.Method) ? null : Forbidden(page);
    }

    /// <summary>Says what came of it, on the list of members.</summary>
    /// <param name="page">Where it was asked for.</param>
    /// <param name="number">The room.</param>
    /// <param name="outcome">How it went.</param>
    /// <param name="done">What is so now, whoever did it.</param>
    /// <param name="to">The list, if it is not the first page of it.</param>
    public IActionResult Answer(PageModel page, long number, MemberOutcome outcome, string done, string? to = null)
    {
        switch (outcome)
        {
            case MemberOutcome.Unknown:
                return page.NotFound();
            case MemberOutcome.Forbidden:
                return Forbidden(page);
            case MemberOutcome.Gone:
                return Gone(page, number);
            case MemberOutcome.Full:
                done = text["They own as many groups as one may. Nothing was changed."];
                break;
        }
        page.TempData["said"] = done;
        return new RedirectResult(to ?? ListOf(number));
    }

    /// <summary>The list of members, on the page where somebody was.</summary>
    public static string ListOf(long number, int page = 1) => FormattableString.Invariant($"/rooms/{number}/members{(page > 1 ? $"?p={page}" : "")}");

    private RedirectResult Gone(PageModel page, long number)
    {
        page.TempData["said"] = text["They are not in the group any more."].Value;
        return new RedirectResult(ListOf(number));
    }

    private static StatusCodeResult Forbidden(PageModel page) => page.StatusCode(StatusCodes.Status403Forbidden);
}
