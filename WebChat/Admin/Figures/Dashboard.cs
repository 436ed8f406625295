using WebChat.Shared;

namespace WebChat.Admin.Figures;

/// <summary>What a dashboard shows: the hour of one node or of all, and how each of them is.</summary>
internal sealed record DashboardView
{
    public required House House { get; init; }
    /// <summary>Whose figures these are; null for all.</summary>
    public string? Node { get; init; }
    public required IReadOnlyList<NodeLine> Nodes { get; init; }
    public required Overview Overview { get; init; }
    public required StorageSizes Sizes { get; init; }
}

/// <summary>How a node is just now.</summary>
/// <param name="Id">Of its process.</param>
/// <param name="Name">Of its machine; where several are on one, with a number.</param>
/// <param name="StartedAt">In UTC Unix milliseconds.</param>
/// <param name="House">Its last hour.</param>
internal sealed record NodeLine(string Id, string Name, long StartedAt, House House);

/// <summary>Puts together what dashboards show.</summary>
internal sealed class Dashboard(Sampler sampler, OtherNodes others, OverviewStore overviews, TimeProvider clock)
{
    /// <param name="node">The id of one that is there; anything else is all.</param>
    public async Task<DashboardView> ReadAsync(string? node)
    {
        var me = sampler.Hour;
        IReadOnlyList<NodeHour> nodes = [me, .. await others.ReadAsync(me.Id)];
        var now = clock.Now();
        var there = Named(nodes.Where(n => string.Equals(n.Id, me.Id, StringComparison.Ordinal) || n.IsThere(now))).Select(n => new NodeLine(n.Hour.Id, n.Name, n.Hour.StartedAt, House.Of([n.Hour], now))).ToList();
        var one = there.Find(n => string.Equals(n.Id, node, StringComparison.Ordinal));
        return new DashboardView
        {
            House = one?.House ?? House.Of(nodes, now),
            Node = one?.Id,
            Nodes = there,
            Overview = await overviews.RememberedAsync(),
            Sizes = await overviews.SizesAsync(),
        };
    }

    private static IEnumerable<(NodeHour Hour, string Name)> Named(IEnumerable<NodeHour> nodes) =>
        nodes.GroupBy(n => n.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .SelectMany(g => g.OrderBy(n => n.StartedAt).ThenBy(n => n.Id, StringComparer.Ordinal).Select((n, i) => (n, g.Count() == 1 ? n.Name : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{n.Name} ({i + 1})"))));
}
