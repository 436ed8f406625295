using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Messages.Kinds;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Lucky;

/// <summary>Gives points away: to the other of a direct room, or in shares to whoever comes first.</summary>
internal sealed class LuckyModel(SendForm form, RoomStore rooms, LuckyStore lucky, IStringLocalizer<Texts> text) : PageModel
{
    public const string Equal = "equal";
    public const string Random = "random";

    [BindProperty] public string Points { get; set; } = "";
    [BindProperty] public string Shares { get; set; } = "";
    [BindProperty] public string Kind { get; set; } = Random;
    [BindProperty] public string Greeting { get; set; } = "";

    /// <summary>What the user could give.</summary>
    public long Balance { get; private set; }

    public bool IsEqual => string.Equals(Kind, Equal, StringComparison.Ordinal);

    public async Task<IActionResult> OnGetAsync(long number)
    {
        Balance = await lucky.BalanceAsync(User.Id());
        return await form.ShowAsync(this, number);
    }

    public async Task<IActionResult> OnPostAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { } room)
            return NotFound();
        Balance = await lucky.BalanceAsync(User.Id());
        return Check(room.Kind == RoomKind.Direct) is { } packet
            ? await form.PostAsync(this, number, new LuckyKind(), packet, lucky.TakeAsync)
            : await form.ShowAsync(this, number);
    }

    /// <summary>Whether they have that much is not asked here: what was sent before is to be known again when it has left nothing.</summary>
    private LuckyPacket? Check(bool isDirect)
    {
        Greeting = UserText.Line(Greeting);
        var (points, shares) = (Number(Points), isDirect ? 1 : Number(Shares));
        if (points < 1)
            ModelState.AddModelError(nameof(Points), text["Write a whole number, at least 1."]);
        if (shares is < 1 or > LuckyPacket.MostShares)
            ModelState.AddModelError(nameof(Shares), text["Write a whole number from 1 to {0}.", LuckyPacket.MostShares]);
        else if (points >= 1 && points < shares)
            ModelState.AddModelError(nameof(Points), text["That is less than one point for each of {0} shares.", shares]);
        else if (points >= 1 && IsEqual && points % shares != 0)
            ModelState.AddModelError(nameof(Points), text["This cannot be divided into {0} equal shares. {1} points can.", shares, points - (points % shares)]);
        if (!UserText.Fits(Greeting, LuckyPacket.LongestGreeting))
            ModelState.AddModelError(nameof(Greeting), text["At most {0} characters.", LuckyPacket.LongestGreeting]);
        return !ModelState.IsValid ? null : new LuckyPacket { Greeting = Greeting, Total = points, Shares = shares, IsRandom = !isDirect && !IsEqual, IsDirect = isDirect };
    }

    /// <returns>0 for what is no number.</returns>
    private static int Number(string? digits) => int.TryParse(digits?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
