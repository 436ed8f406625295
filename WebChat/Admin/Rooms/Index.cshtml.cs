using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Admin.Rooms;

/// <summary>The groups and the lobby, in pages.</summary>
internal sealed class IndexModel(AdminRoomStore store) : PageModel
{
    [BindProperty(SupportsGet = true)] public string Q { get; set; } = "";
    [BindProperty(SupportsGet = true)] public RoomOrder Order { get; set; }
    [BindProperty(SupportsGet = true)] public bool Reverse { get; set; }

    /// <summary>The number of the room behind which the page begins, and by what that one is in its place.</summary>
    [BindProperty(SupportsGet = true)] public long? After { get; set; }
    [BindProperty(SupportsGet = true)] public string Key { get; set; } = "";

    public RoomPage Found { get; private set; } = null!;
    public bool IsFirst => After is null;

    public string FirstAddress => Address(Order, Reverse, after: null);
    public string NextAddress => Address(Order, Reverse, AdminRoomStore.KeyOf(Found.Rooms[^1], Order));

    public async Task OnGetAsync()
    {
        Q = UserText.Beginning(UserText.Line(Q), Groups.LongestName);
        if (!Enum.IsDefined(Order))
            Order = RoomOrder.Created;
        Found = await store.ListAsync(Q, Order, Reverse, After is { } number ? new RoomKey(Key, number) : null);
    }

    /// <summary>The same in this order; in the other direction where it is in it already.</summary>
    public string SortAddress(RoomOrder order) => Address(order, order == Order && !Reverse, after: null);

    private string Address(RoomOrder order, bool isReversed, RoomKey? after)
    {
        var query = new QueryBuilder();
        if (Q.Length > 0)
            query.Add("q", Q);
        if (order != RoomOrder.Created)
            query.Add("order", order.ToString());
        if (isReversed)
            query.Add("reverse", "true");
        if (after is not null)
        {
            query.Add("after", after.Number.ToString(CultureInfo.InvariantCulture));
            query.Add("key", after.Value);
        }
        return "/admin/rooms" + query.ToQueryString();
    }
}
