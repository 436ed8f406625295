using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Accounts.Push;

/// <summary>Takes from the page's script where its browser is reached while no page is open.</summary>
internal sealed class SubscribeModel(PushStore store, PushSender sender, PushRules rules, Outside outside, RateLimits rates, IOptionsMonitor<Limits> limits, TimeProvider clock) : PageModel
{
    public IActionResult OnGet() => NotFound();

    public async Task<IActionResult> OnPostAsync([FromForm] Sent sent)
    {
        if (!sender.IsOn)
            return NotFound();
        if (await rates.TakeAsync("profile", User.Id().ToString(CultureInfo.InvariantCulture), limits.CurrentValue.ProfilesPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
            return TooMany.Answer(HttpContext, wait);
        var (point, secret) = (PushRules.Bytes(sent.P256dh), PushRules.Bytes(sent.Auth));
        if (rules.Address(sent.Endpoint, outside) is null || !PushMessage.IsPoint(point) || secret.Length != PushMessage.SecretLength)
            return BadRequest();
        var isAdded = await store.AddAsync(new PushSubscription
        {
            Endpoint = sent.Endpoint!,
            UserId = User.Id(),
            SessionId = User.Session(),
            P256dh = point,
            Auth = secret,
            Language = CultureInfo.CurrentUICulture.Name,
            Site = $"{Request.Scheme}://{Request.Host}",
            CreatedAt = clock.Now(),
        });
        return isAdded ? new NoContentResult() : StatusCode(StatusCodes.Status409Conflict);
    }

    /// <summary>A browser's subscription. One object, for single values would be named by the framework where it tells a log everything.</summary>
    internal sealed class Sent
    {
        public string? Endpoint { get; set; }
        public string? P256dh { get; set; }
        public string? Auth { get; set; }
    }
}
