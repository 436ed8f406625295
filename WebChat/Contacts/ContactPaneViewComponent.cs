using Microsoft.AspNetCore.Mvc;
using WebChat.Shared;

namespace WebChat.Contacts;

/// <summary>The list of requests and friends beside a page; <c>open</c> is the account of the person that the page shows, if it shows one.</summary>
internal sealed class ContactPaneViewComponent(ContactStore contacts) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync(string? open = null) =>
        View("/Contacts/_ContactPane.cshtml", await ContactList.ReadAsync(contacts, UserClaimsPrincipal.Id(), open));
}

/// <summary>Who asks to be a user's friend, and who is.</summary>
internal sealed record ContactList
{
    public required IReadOnlyList<FriendRequest> Requests { get; init; }
    public required IReadOnlyList<Person> Friends { get; init; }
    public required string? Open { get; init; }

    /// <summary>Where the list is read anew when it has changed.</summary>
    public string Address => Open is null ? "/contacts/list" : "/contacts/list?open=" + Uri.EscapeDataString(Open);

    public bool IsOpen(Person friend) => string.Equals(friend.Account, Open, StringComparison.OrdinalIgnoreCase);

    public static async Task<ContactList> ReadAsync(ContactStore contacts, long userId, string? open) => new()
    {
        Requests = await contacts.RequestsAsync(userId),
        Friends = await contacts.FriendsAsync(userId),
        Open = open,
    };
}
