using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Contacts;
using WebChat.Shared;

namespace WebChat.Messages.Kinds;

/// <summary>Sends a friend's card.</summary>
internal sealed class ContactModel(SendForm form, ContactStore contacts, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Contact { get; set; } = "";

    public IReadOnlyList<Person> Friends { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(long number)
    {
        Friends = await contacts.FriendsAsync(User.Id());
        return await form.ShowAsync(this, number);
    }

    public async Task<IActionResult> OnPostAsync(long number)
    {
        Friends = await contacts.FriendsAsync(User.Id());
        if (Friends.FirstOrDefault(friend => string.Equals(friend.Account, Contact, StringComparison.Ordinal)) is not { } person)
        {
            ModelState.AddModelError(nameof(Contact), text["Choose one of your friends."]);
            return await form.ShowAsync(this, number);
        }
        return await form.PostAsync(this, number, new ContactKind(), new ContactCard(person.Id, person.Account, person.Nickname));
    }
}
