using System.Text.Json.Serialization;

namespace WebChat.Admin.Figures;

/// <summary>How a node was in a few seconds.</summary>
internal sealed record Sample
{
    /// <summary>The end of it, in UTC Unix milliseconds.</summary>
    [JsonPropertyName("a")] public required long At { get; init; }

    /// <summary>People with a page open at this node.</summary>
    [JsonPropertyName("h")] public int Here { get; init; }

    /// <summary>People with a page open at any node, as this one knows.</summary>
    [JsonPropertyName("e")] public int Everywhere { get; init; }

    [JsonPropertyName("c")] public int Connections { get; init; }

    /// <summary>Messages committed meanwhile.</summary>
    [JsonPropertyName("p")] public long Posts { get; init; }

    /// <summary>Requests and live actions that failed meanwhile.</summary>
    [JsonPropertyName("x")] public long Errors { get; init; }

    /// <summary>What the process held, in bytes.</summary>
    [JsonPropertyName("m")] public long Memory { get; init; }

    /// <summary>What the rows and files of the whole house take, in bytes, as was known then; null while nobody knew.</summary>
    [JsonPropertyName("s")] public long? Storage { get; init; }

    /// <summary>How long deliveries took, as <see cref="Waits"/> counts them.</summary>
    [JsonPropertyName("d")] public int[] Waits { get; init; } = [];
}

/// <summary>The last hour of a node.</summary>
internal sealed record NodeHour
{
    /// <summary>Of its process: none that ever ran has the same.</summary>
    public required string Id { get; init; }
    /// <summary>Of its machine.</summary>
    public required string Name { get; init; }
    public required long StartedAt { get; init; }
    /// <summary>The oldest first.</summary>
    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>How long a node that says nothing counts as there.</summary>
    public const long SilenceMs = 30_000;

    public bool IsThere(long now) => Samples.Count > 0 && now - Samples[^1].At < SilenceMs;
}

/// <summary>How often figures are taken and shown.</summary>
/// <param name="Every">From one sample to the next.</param>
internal sealed record Pace(TimeSpan Every)
{
    /// <summary>How much of the past is kept.</summary>
    public static readonly TimeSpan Past = TimeSpan.FromHours(1);

    public int Kept => (int)(Past / Every);
}
