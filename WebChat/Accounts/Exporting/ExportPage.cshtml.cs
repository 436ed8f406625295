using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Accounts.Proof;
using WebChat.Shared;

namespace WebChat.Accounts.Exporting;

/// <summary>All that is one's own, to take along.</summary>
[AsksForPassword]
internal sealed class ExportModel(Exports exports, TimeProvider clock, IStringLocalizer<Texts> text) : PageModel
{
    /// <summary>Why there is none now.</summary>
    public string? Refusal { get; private set; }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await exports.BeginAsync(User.Id()) is { } wait)
        {
            Refusal = text["One is under way, or you had several lately. Try again in {0} minutes.", (int)Math.Ceiling(TimeSpan.FromSeconds(TooMany.Say(HttpContext, wait)).TotalMinutes)];
            return Page();
        }
        try
        {
            Response.ContentType = "application/zip";
            Response.Headers.ContentDisposition = $"attachment; filename=\"{User.Account()}-{clock.GetUtcNow():yyyy-MM-dd}.zip\"";
            // What goes wrong from here on breaks the answer off: browsers then say that the file is not whole.
            await exports.WriteAsync(User.Id(), Response.Body, HttpContext.RequestAborted);
            return new EmptyResult();
        }
        finally
        {
            exports.End(User.Id());
        }
    }
}
