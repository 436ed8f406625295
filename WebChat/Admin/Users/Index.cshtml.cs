using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Admin.Users;

/// <summary>Everybody with an account, in pages.</summary>
internal sealed class IndexModel(AdminUserStore store) : PageModel
{
    private const int LongestQuery = 254;
    private const int LastPage = 1_000_000;

    [BindProperty(SupportsGet = true)] public string Q { get; set; } = "";
    [BindProperty(SupportsGet = true)] public UserOrder Order { get; set; }
    [BindProperty(SupportsGet = true)] public bool Reverse { get; set; }
    [BindProperty(SupportsGet = true)] public int P { get; set; } = 1;

    public IReadOnlyList<ListedUser> Users { get; private set; } = [];
    public long Count { get; private set; }
    public bool HasMore => Users.Count == AdminUserStore.PageSize && (long)P * AdminUserStore.PageSize < Count || (Users.Count == AdminUserStore.PageSize && Q.Length > 0 && Count > AdminUserStore.MostCounted);

    public async Task OnGetAsync()
    {
        Q = UserText.Beginning(UserText.Line(Q).TrimStart('@'), LongestQuery);
        P = Math.Clamp(P, 1, LastPage);
        (Users, Count) = await store.ListAsync(Q, Enum.IsDefined(Order) ? Order : Order = UserOrder.Created, Reverse, P);
    }

    /// <summary>Another page of the same.</summary>
    public string Address(int page) => Address(Order, Reverse, page);

    /// <summary>The same in this order; in the other direction where it is in it already.</summary>
    public string SortAddress(UserOrder order) => Address(order, order == Order && !Reverse, 1);

    private string Address(UserOrder order, bool isReversed, int page)
    {
        var query = new QueryBuilder();
        if (Q.Length > 0)
            query.Add("q", Q);
        if (order != UserOrder.Created)
            query.Add("order", order.ToString());
        if (isReversed)
            query.Add("reverse", "true");
        if (page > 1)
            query.Add("p", page.ToString(CultureInfo.InvariantCulture));
        return "/admin/users" + query.ToQueryString();
    }
}
