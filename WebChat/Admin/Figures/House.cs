using WebChat.Shared;

namespace WebChat.Admin.Figures;

/// <summary>The last hour as the dashboard shows it: of one node, or of all together.</summary>
internal sealed record House
{
    public required Series People { get; init; }
    public required Series Connections { get; init; }
    /// <summary>In each minute.</summary>
    public required Series Messages { get; init; }
    /// <summary>How long 99 of 100 took at most, in milliseconds.</summary>
    public required Series Delivery { get; init; }
    /// <summary>In each minute.</summary>
    public required Series Errors { get; init; }
    /// <summary>In bytes.</summary>
    public required Series Memory { get; init; }
    /// <summary>In bytes, rows and files together.</summary>
    public required Series Storage { get; init; }
    /// <summary>How long half of them took at most, in the last minute of <see cref="Delivery"/>.</summary>
    public double? Half { get; init; }

    /// <summary>Puts the samples of nodes together, minute by minute, counted back from now.</summary>
    /// <param name="nodes">One, or all.</param>
    /// <param name="now">The end of the last minute.</param>
    public static House Of(IReadOnlyList<NodeHour> nodes, long now)
    {
        var minutes = Enumerable.Range(0, Series.Minutes).Select(_ => new List<(NodeHour Node, Sample Sample)>()).ToArray();
        foreach (var node in nodes)
        {
            foreach (var sample in node.Samples)
            {
                var ago = Math.Max(0, now - sample.At) / 60_000;
                if (ago < Series.Minutes)
                    minutes[Series.Minutes - 1 - ago].Add((node, sample));
            }
        }
        var isAlone = nodes.Count == 1;
        var waits = minutes.Select(m => Waits.Sum(m.Select(s => s.Sample.Waits))).ToList();
        return new House
        {
            // Somebody may be at two nodes at once: all together is what each node knows of everybody, and not the sum.
            People = Each(m => LastOfEach(m).Max(s => isAlone ? s.Here : s.Everywhere)),
            Connections = Each(m => LastOfEach(m).Sum(s => s.Connections)),
            Messages = Each(m => m.Sum(s => s.Sample.Posts)),
            Delivery = new Series([.. waits.Select(w => Waits.Within(.99, w))]),
            Errors = Each(m => m.Sum(s => s.Sample.Errors)),
            Memory = Each(m => LastOfEach(m).Sum(s => s.Memory)),
            Storage = Each(m => m.Max(s => s.Sample.Storage)), // one storage, which each node knows: not the sum
            Half = waits.Select(w => Waits.Within(.5, w)).LastOrDefault(half => half is not null),
        };

        Series Each(Func<List<(NodeHour Node, Sample Sample)>, double?> figure) => new([.. minutes.Select(m => m.Count == 0 ? null : figure(m))]);
    }

    private static IEnumerable<Sample> LastOfEach(List<(NodeHour Node, Sample Sample)> minute) =>
        minute.GroupBy(s => s.Node.Id, StringComparer.Ordinal).Select(n => n.MaxBy(s => s.Sample.At).Sample);
}
