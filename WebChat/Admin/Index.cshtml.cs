using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Admin.Audit;
using WebChat.Admin.Figures;

namespace WebChat.Admin;

/// <summary>How the house is, at this moment and in the hour before; the socket shows what comes after.</summary>
internal sealed class IndexModel(Dashboard dashboard, AuditStore audit) : PageModel
{
    private const int LatestActs = 5;

    /// <summary>Whose figures are wanted: a node's, or all.</summary>
    [BindProperty(SupportsGet = true)] public string? Node { get; set; }

    public DashboardView View { get; private set; } = null!;
    public IReadOnlyList<AuditLine> Latest { get; private set; } = [];

    public async Task OnGetAsync()
    {
        View = await dashboard.ReadAsync(Node);
        Latest = await audit.ListAsync(new AuditFilter(), long.MaxValue, LatestActs);
    }
}
