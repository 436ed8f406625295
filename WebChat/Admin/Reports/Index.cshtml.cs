using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Messages;
using WebChat.Shared;

namespace WebChat.Admin.Reports;

/// <summary>What members reported: what waits, and then what was dealt with.</summary>
internal sealed class IndexModel(CaseStore store, FrozenDictionary<string, MessageWords> words) : PageModel
{
    public const int LongestQuery = 100;

    [BindProperty(SupportsGet = true)] public string Q { get; set; } = "";
    /// <summary>Behind which open case the page begins.</summary>
    [BindProperty(SupportsGet = true)] public long After { get; set; }
    /// <summary>Before which closed one.</summary>
    [BindProperty(SupportsGet = true)] public long? Before { get; set; }

    public IReadOnlyList<Case> Cases { get; private set; } = [];
    /// <summary>Where what was dealt with begins.</summary>
    public long? FirstClosed => Cases.FirstOrDefault(c => c.ClosedAt is not null)?.Id;
    public bool IsFirst => After == 0 && Before is null;
    public string? Next { get; private set; }
    public MessageWords Words => words[CultureInfo.CurrentUICulture.Name];

    /// <summary>Why the last act was not done.</summary>
    [TempData] public string? Refusal { get; set; }

    public async Task OnGetAsync()
    {
        Q = UserText.Beginning(UserText.Line(Q).TrimStart('@'), LongestQuery);
        var found = await store.ListAsync(User.Id(), Q, new CasePlace(After, Before ?? long.MaxValue));
        Cases = found.Count > CaseStore.PageSize ? found[..CaseStore.PageSize] : found;
        if (found.Count > CaseStore.PageSize)
            Next = Address(Cases[^1]);
    }

    private string Address(Case last)
    {
        var query = new QueryBuilder { { last.ClosedAt is null ? "after" : "before", last.Id.ToString(CultureInfo.InvariantCulture) } };
        if (Q.Length > 0)
            query.Add("q", Q);
        return "/admin/reports" + query.ToQueryString();
    }
}
