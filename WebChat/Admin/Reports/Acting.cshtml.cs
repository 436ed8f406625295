using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Live;
using WebChat.Messages;
using WebChat.Shared;

namespace WebChat.Admin.Reports;

/// <summary>What is done about a report, once it is confirmed. All of it closes the case; whoever comes second is told so.</summary>
internal sealed class ActingModel(CaseStore store, Connections connections, FrozenDictionary<string, MessageWords> words, IStringLocalizer<Texts> text) : PageModel
{
    private static readonly Dictionary<string, CaseOutcome> Addresses = new(StringComparer.Ordinal)
    {
        ["dismiss"] = CaseOutcome.Dismissed, ["remove"] = CaseOutcome.Removed, ["disable"] = CaseOutcome.Disabled,
    };

    [BindProperty(SupportsGet = true)] public string Act { get; set; } = "";
    [BindProperty] public string Note { get; set; } = "";

    public Case Case { get; private set; } = null!;
    public MessageWords Words => words[CultureInfo.CurrentUICulture.Name];

    private CaseOutcome Kind => Addresses[Act];

    public bool IsGrave => Kind is not CaseOutcome.Dismissed;

    /// <summary>What the button says.</summary>
    public string Name => Kind switch
    {
        CaseOutcome.Removed => text["Recall message"],
        CaseOutcome.Disabled => text["Disable"],
        _ => text["Dismiss"],
    };

    public string Question => Kind switch
    {
        CaseOutcome.Removed => text["Recall this message?"],
        CaseOutcome.Disabled => text["Disable {0}?", Case.Nickname],
        _ => text["Dismiss this report?"],
    };

    public string Consequence => Kind switch
    {
        CaseOutcome.Removed => text["Everybody in the room sees at once that an administrator has recalled it. Its words and files cannot be brought back."],
        CaseOutcome.Disabled => text["Every device and token of theirs ends at once, and no password lets them in. What they wrote stays. You can enable them again; they then sign in anew."],
        _ => text["Nothing is done, and nobody is told. All that was reported of it is closed."],
    };

    public async Task<IActionResult> OnGetAsync(long id)
    {
        if (!Addresses.ContainsKey(Act) || await store.FindAsync(User.Id(), id) is not { } reported)
            return NotFound();
        Case = reported;
        return reported.ClosedAt is null ? Page() : Refused(Why(CaseActed.Closed));
    }

    public async Task<IActionResult> OnPostAsync(long id)
    {
        if (!Addresses.ContainsKey(Act) || await store.FindAsync(User.Id(), id) is not { } reported)
            return NotFound();
        Case = reported;
        Note = UserText.Line(Note);
        if (!UserText.Fits(Note, CaseStore.LongestNote))
        {
            ModelState.AddModelError(nameof(Note), text["At most {0} characters.", CaseStore.LongestNote]);
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }
        var outcome = await (Kind switch
        {
            CaseOutcome.Removed => store.RemoveAsync(User.Id(), id, Note),
            CaseOutcome.Disabled => store.DisableAsync(User.Id(), id, Note),
            _ => store.DismissAsync(User.Id(), id, Note),
        });
        if (outcome == CaseActed.Unknown)
            return NotFound();
        if (outcome != CaseActed.Done)
            return Refused(Why(outcome));
        if (Kind == CaseOutcome.Disabled)
            connections.EndUser(reported.UserId);
        TempData["said"] = Said();
        return Redirect("/admin/reports");
    }

    private RedirectResult Refused(string why)
    {
        TempData["Refusal"] = why;
        return Redirect("/admin/reports");
    }

    private string Said() => Kind switch
    {
        CaseOutcome.Removed => text["The message is recalled"],
        CaseOutcome.Disabled => text["{0} is disabled", Case.Nickname],
        _ => text["The report is dismissed"],
    };

    private string Why(CaseActed outcome) => outcome switch
    {
        CaseActed.Closed => text["Another administrator has dealt with that report already."],
        CaseActed.Gone => text["The message is gone already. Dismiss the report, or act on the person."],
        CaseActed.Oneself => text["You cannot disable yourself."],
        _ => text["There is nobody who could be disabled. Dismiss the report, or recall the message."],
    };
}
