using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>Groups by a part of their name, or by their number.</summary>
internal sealed class FindModel(RoomStore rooms, RequestStore requests, RateLimits rates, IOptionsMonitor<Limits> limits, IStringLocalizer<Texts> text) : PageModel
{
    private const int LongestQuery = 60;
    private const int LastPage = 1000;

    [BindProperty(SupportsGet = true)] public string Q { get; set; } = "";
    [BindProperty(SupportsGet = true)] public int P { get; set; } = 1;

    /// <summary>What was found; null before anything was looked for.</summary>
    public IReadOnlyList<FoundGroup>? Groups { get; private set; }
    /// <summary>The groups the reader waits for, but those that were found.</summary>
    public IReadOnlyList<FoundGroup> Waiting { get; private set; } = [];
    /// <summary>This very page.</summary>
    public string Address => Q.Length == 0 ? "/rooms/find" : FormattableString.Invariant($"/rooms/find?q={Uri.EscapeDataString(Q)}&p={P}");
    public bool HasMore { get; private set; }
    public string? Error { get; private set; }

    public async Task OnGetAsync()
    {
        Q = UserText.Line(Q);
        P = Math.Clamp(P, 1, LastPage);
        if (Q.Length > 0)
            await LookAsync();
        Waiting = [.. (await requests.OfAsync(User.Id())).Where(waiting => Groups?.Any(found => found.Number == waiting.Number) != true)];
    }

    private async Task LookAsync()
    {
        if (!UserText.Fits(Q, LongestQuery))
            Error = text["At most {0} characters.", LongestQuery];
        else if (await rates.TakeAsync("search", User.Id().ToString(System.Globalization.CultureInfo.InvariantCulture), limits.CurrentValue.SearchesPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
            Error = text["Too many searches. Try again in {0} seconds.", TooMany.Say(HttpContext, wait)];
        else
            await SearchAsync();
    }

    private async Task SearchAsync()
    {
        var found = await rooms.FindGroupsAsync(Q, User.Id(), P);
        HasMore = found.Count > RoomStore.PageSize;
        Groups = HasMore ? found[..RoomStore.PageSize] : found;
    }
}
