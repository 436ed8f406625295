using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Messages.Formatting;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>Whom one may call in a room, by how the name begins: <c>[{"account":"ann","name":"Ann"},{"account":"Echo","name":"Echo","bot":true}]</c>, for the list behind an @.</summary>
internal sealed class NamesModel(RoomStore rooms, MemberStore members, RateLimits rates, IOptionsMonitor<Limits> limits, IStringLocalizer<Texts> texts) : PageModel
{
    private const int Most = 6;

    public async Task<IActionResult> OnGetAsync(long number, string? q)
    {
        if (await rates.TakeAsync("names", User.Id().ToString(CultureInfo.InvariantCulture), limits.CurrentValue.NamesPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
            return TooMany.Answer(HttpContext, wait);
        if (await rooms.FindAsync(number, User.Id()) is not { } room)
            return NotFound();
        var beginning = q ?? "";
        List<object> names = [.. (await members.NamedLikeAsync(room, User.Id(), beginning[..Math.Min(beginning.Length, Mentions.LongestName)], Most))
            .Select(m => m.IsBot ? new { account = m.Account, name = m.Nickname, bot = true } : (object)new { account = m.Account, name = m.Nickname })];
        if (room.May(RoomAction.CallAll) && Mentions.All.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
            names.Add(new { account = Mentions.All, name = texts["Everybody"].Value });
        return new JsonResult(names);
    }
}
