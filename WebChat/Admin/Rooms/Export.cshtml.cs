using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Admin.Audit;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Admin.Rooms;

/// <summary>The groups and the lobby as a file. That somebody took it along stands in the audit log.</summary>
internal sealed class ExportModel(AdminRoomStore rooms, AuditStore audit) : PageModel
{
    private static readonly string[] Heads = ["number", "name", "kind", "owner", "members", "messages", "created", "last message"];

    public async Task<IActionResult> OnGetAsync()
    {
        await audit.AddAsync(new AuditEntry { ActorId = User.Id(), Act = Act.ExportRooms });
        return new Csv("rooms.csv", Heads, RowsAsync());
    }

    private async IAsyncEnumerable<IEnumerable<string>> RowsAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var room in rooms.AllAsync(cancellation))
            yield return
            [
                Number(room.Number), room.Name, room.Kind == RoomKind.Lobby ? "lobby" : "group", room.OwnerAccount ?? "", Number(room.Members), Number(room.Messages),
                Moment.Iso(room.CreatedAt), Moment.Iso(room.LastAt),
            ];
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
