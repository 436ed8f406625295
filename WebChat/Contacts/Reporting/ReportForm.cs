using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Contacts.Reporting;

/// <summary>The form of a report, whatever it is about: where it goes, and where one comes back to.</summary>
internal sealed record ReportFields(string Address, string Back, string Reason);

/// <summary>What all forms of reports share: which reasons are taken, how many, and what who reports is told.</summary>
internal sealed class ReportForm(RateLimits rates, IOptionsMonitor<Limits> limits, IStringLocalizer<Texts> text)
{
    public const int LongestReason = 500;

    /// <summary>The answer to a report: it is stored by <paramref name="store"/> where it may be, and else the form comes again with what is wrong.</summary>
    /// <param name="page">The page that has the form.</param>
    /// <param name="field">The name of the reason's field.</param>
    /// <param name="reason">A single line.</param>
    /// <param name="back">Where one comes back to.</param>
    /// <param name="store">Stores it.</param>
    public async Task<IActionResult> TakeAsync(PageModel page, string field, string reason, string back, Func<Task<ReportOutcome>> store)
    {
        if (Problem(reason) is { } problem)
            return Refuse(page, field, StatusCodes.Status400BadRequest, problem);
        if (await rates.TakeAsync("report", page.User.Id().ToString(CultureInfo.InvariantCulture), limits.CurrentValue.ReportsPerHour, TimeSpan.FromHours(1)) is { } wait)
        {
            TooMany.Say(page.HttpContext, wait);
            return Refuse(page, field, StatusCodes.Status429TooManyRequests, text["You have reported much lately. What you reported is being looked at; try again in {0} minutes.", Math.Ceiling(wait.TotalMinutes)]);
        }
        return await store() switch
        {
            ReportOutcome.Unknown => page.NotFound(),
            ReportOutcome.Forbidden => Refuse(page, field, StatusCodes.Status403Forbidden, text["There is nothing to report here."]),
            var outcome => Thank(page, outcome, back),
        };
    }

    private string? Problem(string reason) =>
        reason.Length == 0 ? text["Say what is wrong with it."].Value : UserText.Fits(reason, LongestReason) ? null : text["At most {0} characters.", LongestReason].Value;

    private IActionResult Thank(PageModel page, ReportOutcome outcome, string back)
    {
        if (page.Request.WantsJson())
            return new JsonResult(new { reported = true });
        page.TempData["said"] = outcome == ReportOutcome.Stored
            ? text["Thank you. An administrator will look at it."].Value
            : text["You have reported this already, and it is not forgotten: an administrator will look at it."].Value;
        return new LocalRedirectResult(back);
    }

    private static IActionResult Refuse(PageModel page, string field, int status, string sentence)
    {
        if (page.Request.WantsJson())
            return new JsonResult(new { error = sentence }) { StatusCode = status };
        page.ModelState.AddModelError(field, sentence);
        page.Response.StatusCode = status;
        return page.Page();
    }
}
