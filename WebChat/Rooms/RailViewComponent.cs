using Microsoft.AspNetCore.Mvc;
using WebChat.Accounts;
using WebChat.Contacts;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>The bar of places with its badges, on every signed-in page.</summary>
internal sealed class RailViewComponent(OwnRooms rooms, ContactStore contacts, OpenReports reports, Site site) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync()
    {
        if (!UserClaimsPrincipal.IsSignedIn())
            return Content("");
        var userId = UserClaimsPrincipal.Id();
        var isAdmin = UserClaimsPrincipal.IsAdmin();
        var counts = await rooms.CountAsync(userId);
        return View("/Rooms/_Rail.cshtml", new Rail
        {
            Unread = counts.Unread,
            Requests = await contacts.CountRequestsAsync(userId),
            IsAdmin = isAdmin,
            Reports = isAdmin ? await reports.CountAsync(userId) : 0,
            Logo = site.LastLogo,
            Place = PlaceOf(Request.Path, counts.Lobby),
        });
    }

    private static string PlaceOf(PathString path, long lobby) =>
        IsAt(path, "/lobby") || IsAt(path, FormattableString.Invariant($"/rooms/{lobby}")) ? "lobby"
        : IsAt(path, "/rooms") ? "rooms"
        : IsAt(path, "/contacts") || IsAt(path, "/people") ? "contacts"
        : IsAt(path, "/search") ? "search"
        : IsAt(path, "/online") ? "online"
        : IsAt(path, "/me") || IsAt(path, "/mailbox") ? "me"
        : IsAt(path, AdminAddresses.Root) ? "admin"
        : "";

    private static bool IsAt(PathString path, string place) => path.StartsWithSegments(place, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What the bar shows.</summary>
internal sealed record Rail
{
    public required long Unread { get; init; }
    public required int Requests { get; init; }
    public required bool IsAdmin { get; init; }
    /// <summary>What waits for them, where they are one.</summary>
    public required long Reports { get; init; }
    /// <summary>The chat's own mark, where it has one.</summary>
    public string? Logo { get; init; }
    /// <summary>Where the page is: rooms, lobby, contacts, search, online, me, admin, or nowhere.</summary>
    public required string Place { get; init; }

    public string? Current(string place) => string.Equals(place, Place, StringComparison.Ordinal) ? "page" : null;
}
