using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Contacts;

/// <summary>People by a part of their account or nickname.</summary>
internal sealed class FindModel(ContactStore contacts, RateLimits rates, IOptionsMonitor<Limits> limits, IStringLocalizer<Texts> text) : PageModel
{
    private const int LongestQuery = 60;
    private const int LastPage = 1000;

    [BindProperty(SupportsGet = true)] public string Q { get; set; } = "";
    [BindProperty(SupportsGet = true)] public int P { get; set; } = 1;

    /// <summary>Who was found; null before anything was looked for.</summary>
    public IReadOnlyList<Person>? People { get; private set; }
    public bool HasMore { get; private set; }
    public string? Error { get; private set; }

    public async Task OnGetAsync()
    {
        Q = UserText.Line(Q);
        P = Math.Clamp(P, 1, LastPage);
        if (Q.Length == 0)
            return;
        if (!UserText.Fits(Q, LongestQuery))
            Error = text["At most {0} characters.", LongestQuery];
        else if (await rates.TakeAsync("search", User.Id().ToString(System.Globalization.CultureInfo.InvariantCulture), limits.CurrentValue.SearchesPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
            Error = text["Too many searches. Try again in {0} seconds.", TooMany.Say(HttpContext, wait)];
        else
            await SearchAsync();
    }

    private async Task SearchAsync()
    {
        var found = await contacts.SearchAsync(Q, User.Id(), P);
        HasMore = found.Count > ContactStore.PageSize;
        People = HasMore ? found[..ContactStore.PageSize] : found;
    }
}
