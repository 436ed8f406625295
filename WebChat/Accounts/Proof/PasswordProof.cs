using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Accounts.Proof;

/// <summary>
/// The password, asked of somebody who is signed in: an open browser that was left alone is not its owner. A right answer is good
/// for a while, for that session.
/// </summary>
internal sealed class PasswordProof(
    UserManager<User> users, UserStore store, SessionStore sessions, Lockouts lockouts, Nobody nobody, RateLimits rates, IOptionsMonitor<Limits> limits, TimeProvider clock, IStringLocalizer<Texts> text)
{
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(15);

    /// <summary>True while nobody need be asked again.</summary>
    public bool IsGood(ClaimsPrincipal user) => clock.Now() - user.ProvedAt() <= (long)GoodFor.TotalMilliseconds;

    /// <summary>Checks the password of who is signed in. Five wrong ones lock it for this session, however many windows it has.</summary>
    /// <returns>Null when it is right, or what to say beside its field.</returns>
    public async Task<string?> WrongAsync(HttpContext http, string password)
    {
        if (await rates.TakeAsync("password", http.User.Id().ToString(CultureInfo.InvariantCulture), limits.CurrentValue.SignInsPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
            return text["Too many tries. Try again in {0} seconds.", TooMany.Say(http, wait)];
        var user = (await store.FindAsync(http.User.Id()))!;
        var from = $"session {http.User.Session()}";
        if (!await lockouts.TryBeginAsync(user.AccountKey, from))
        {
            nobody.Check("");
            return text["Too many tries. Try again in a quarter of an hour."];
        }
        if (password.Length > AccountRules.LongestPassword || !await users.CheckPasswordAsync(user, password))
            return text["This is not your password."];
        await lockouts.SucceededAsync(user.AccountKey, from);
        return null;
    }

    /// <summary>Notes that the password was right.</summary>
    public Task ProveAsync(ClaimsPrincipal user) => sessions.ProveAsync(user.Session(), user.Id());
}
