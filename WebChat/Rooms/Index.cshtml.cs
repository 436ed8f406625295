using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>One's conversations, with none of them open.</summary>
internal sealed class IndexModel(OwnRooms rooms) : PageModel
{
    public RoomList List { get; private set; } = null!;

    /// <summary>True for one who has nobody to talk with yet but in the lobby.</summary>
    public bool IsAlone => List.Rooms.All(room => room.Kind == RoomKind.Lobby);

    public async Task OnGetAsync() => List = new RoomList(await rooms.ListAsync(User.Id()), User.Id(), Open: null);
}
