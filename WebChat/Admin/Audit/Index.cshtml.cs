using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Shared;

namespace WebChat.Admin.Audit;

/// <summary>What administrators did, the newest first.</summary>
internal sealed class IndexModel(AuditStore audit) : PageModel
{
    [BindProperty(SupportsGet = true)] public string Person { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string Act { get; set; } = "";
    [BindProperty(SupportsGet = true)] public long? Before { get; set; }

    public IReadOnlyList<AuditLine> Lines { get; private set; } = [];
    public bool IsSought => Person.Length > 0 || Act.Length > 0;

    /// <summary>Before which entry the next page begins; null where there is none.</summary>
    public long? Older { get; private set; }

    public async Task OnGetAsync()
    {
        Person = UserText.Line(Person).TrimStart('@');
        if (!Audit.Act.All.Contains(Act, StringComparer.Ordinal))
            Act = "";
        var userId = Person.Length == 0 ? null : await audit.FindUserAsync(Person);
        if (Person.Length > 0 && userId is null)
            return;
        var found = await audit.ListAsync(new AuditFilter(userId, Act.Length == 0 ? null : Act), Before ?? long.MaxValue, AuditStore.PageSize + 1);
        Lines = found.Count > AuditStore.PageSize ? found[..AuditStore.PageSize] : found;
        Older = found.Count > AuditStore.PageSize ? Lines[^1].Id : null;
    }
}
