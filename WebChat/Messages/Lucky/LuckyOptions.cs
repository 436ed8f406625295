using System.ComponentModel.DataAnnotations;

namespace WebChat.Messages.Lucky;

/// <summary>Lucky money, under <c>WebChat:LuckyMoney</c>.</summary>
internal sealed record LuckyOptions
{
    public const string Section = "WebChat:LuckyMoney";

    /// <summary>Play points that everybody begins with.</summary>
    [Range(0, 1_000_000)] public int Start { get; init; } = 1000;

    /// <summary>After how many hours what nobody opened goes back to its sender.</summary>
    [Range(1, 24 * 365)] public int ReturnHours { get; init; } = 24;
}
