using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Contacts;

/// <summary>Asks a person for friendship.</summary>
[WritesToRoom]
internal sealed class AskModel(ContactStore contacts, Friendships friendships, RateLimits rates, IOptionsMonitor<Limits> limits, RefusedWords refused, IStringLocalizer<Texts> text) : PageModel
{
    public Person Person { get; private set; } = null!;

    [BindProperty] public string Message { get; set; } = "";

    public async Task<IActionResult> OnGetAsync(string account)
    {
        if (await contacts.FindAsync(account, User.Id()) is not { } person || person.Id == User.Id())
            return NotFound();
        Person = person;
        return Request.IsHtmx() ? Partial("/Contacts/_AskForm.cshtml", this) : Page();
    }

    public async Task<IActionResult> OnPostAsync(string account)
    {
        if (await contacts.FindAsync(account, User.Id()) is not { } person)
            return NotFound();
        Person = person;
        Message = UserText.Line(Message);
        if (!UserText.Fits(Message, Friendships.LongestMessage))
            return Wrong(text["At most {0} characters.", Friendships.LongestMessage]);
        if (refused.AreIn(Message))
            return Wrong(text["This has a word in it that is not allowed here."]);
        if (await rates.TakeAsync("request", User.Id().ToString(CultureInfo.InvariantCulture), limits.CurrentValue.RequestsPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
            return Wrong(text["Too many requests. Try again in {0} seconds.", TooMany.Say(HttpContext, wait)]);
        switch (await friendships.RequestAsync(User.Id(), person, Message))
        {
            case RequestOutcome.Unknown or RequestOutcome.Oneself:
                return NotFound();
            case RequestOutcome.Blocked:
                return Wrong(text["You have blocked this person. Unblock them first."]);
            case RequestOutcome.AlreadyFriends:
                return Wrong(text["{0} is already a friend.", person.Nickname]);
            case RequestOutcome.Friends:
                TempData["said"] = text["You and {0} are friends now", person.Nickname].Value;
                break;
            default:
                break; // the page one comes back to says that it was sent
        }
        return RedirectToPage("/Contacts/Person", new { account = person.Account });
    }

    private PageResult Wrong(string sentence)
    {
        ModelState.AddModelError(nameof(Message), sentence);
        return Page();
    }
}
