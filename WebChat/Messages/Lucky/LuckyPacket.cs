using System.Text.Json.Serialization;

namespace WebChat.Messages.Lucky;

/// <summary>What a message of lucky money carries: all that its card shows, so that showing it asks nobody. The points themselves stand in rows.</summary>
internal sealed record LuckyPacket
{
    public const int MostShares = 100;
    public const int LongestGreeting = 60;

    public required string Greeting { get; init; }
    public required int Total { get; init; }
    public required int Shares { get; init; }
    /// <summary>Else all shares are equal.</summary>
    public bool IsRandom { get; init; }
    /// <summary>For one person: its sender cannot open it.</summary>
    public bool IsDirect { get; init; }

    /// <summary>Who opened it, in their order.</summary>
    public IReadOnlyList<LuckyClaim> Claims { get; init; } = [];

    /// <summary>The rest has gone back.</summary>
    public bool IsReturned { get; init; }

    [JsonIgnore] public int Left => Shares - Claims.Count;

    /// <summary>Nothing is to be had from it any more.</summary>
    [JsonIgnore] public bool IsSpent => IsReturned || Left == 0;

    /// <summary>What this person got, or null.</summary>
    public int? ShareOf(long userId) => Claims.FirstOrDefault(c => c.By == userId)?.Points;

    /// <summary>True where this person still gets something by opening it.</summary>
    public bool IsFor(long userId, long senderId) => !IsSpent && ShareOf(userId) is null && !(IsDirect && userId == senderId);
}

/// <summary>What one person got.</summary>
internal sealed record LuckyClaim(long By, int Points);
