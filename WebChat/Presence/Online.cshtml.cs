using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Contacts;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Presence;

/// <summary>Who is online, as far as the reader may know: not those who have blocked them.</summary>
internal sealed class OnlineModel(Connections connections, ContactStore contacts) : PageModel
{
    /// <summary>More are not listed: nobody reads further.</summary>
    private const int Most = 500;

    public IReadOnlyList<Person> People { get; private set; } = [];

    public async Task OnGetAsync() => People = await contacts.VisibleAsync(connections.Online.Append(User.Id()).Distinct().Take(Most), User.Id());
}
