using Microsoft.AspNetCore.Mvc;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>
/// The list of conversations beside a page; <c>open</c> is the number of the room that the page shows, if it shows one.
/// </summary>
internal sealed class RoomPaneViewComponent(OwnRooms rooms) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync(long? open = null) =>
        View("/Rooms/_RoomPane.cshtml", new RoomList(await rooms.ListAsync(UserClaimsPrincipal.Id()), UserClaimsPrincipal.Id(), open));
}

/// <summary>A user's conversations, newest first, and which one is open.</summary>
internal sealed record RoomList(IReadOnlyList<Conversation> Rooms, long UserId, long? Open)
{
    /// <summary>Where the list is read anew when it has changed.</summary>
    public string Address => Open is { } open ? FormattableString.Invariant($"/rooms/list?open={open}") : "/rooms/list";

    /// <inheritdoc cref="RailCounts.Changes"/>
    public long Changes => Rooms.Sum(room => room.Rev + 1);

    /// <inheritdoc cref="RailCounts.Levels"/>
    public long Levels => Rooms.Sum(room => (long)room.Level * room.Number);

    /// <inheritdoc cref="RailCounts.Asked"/>
    public long Asked => Rooms.Sum(room => room.Requests);

    public bool IsOpen(Conversation room) => room.Number == Open;
}
