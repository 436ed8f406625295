using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Admin.Audit;
using WebChat.Live;

namespace WebChat.Admin;

/// <summary>How the house is, at this moment.</summary>
internal sealed class IndexModel(OverviewStore overviews, AuditStore audit, Connections connections) : PageModel
{
    private const int LatestActs = 5;

    public Overview Overview { get; private set; } = null!;
    public IReadOnlyList<AuditLine> Latest { get; private set; } = [];

    /// <summary>People with a page open, at any node.</summary>
    public int Online { get; private set; }

    /// <summary>Sockets of this node.</summary>
    public int Connections { get; private set; }

    /// <summary>What this node's process holds, in bytes.</summary>
    public long Memory { get; private set; }

    public async Task OnGetAsync()
    {
        Overview = await overviews.ReadAsync();
        Latest = await audit.ListAsync(new AuditFilter(), long.MaxValue, LatestActs);
        Online = connections.Online.Count();
        Connections = connections.All.Count();
        Memory = Environment.WorkingSet;
    }
}
