using System.ComponentModel.DataAnnotations;

namespace WebChat.Accounts.Push;

/// <summary>How browsers are reached that have no page open, under <c>WebChat:Push</c>.</summary>
internal sealed record PushOptions
{
    public const string Section = "WebChat:Push";

    /// <summary>False where the server is to reach no push service.</summary>
    public bool On { get; init; } = true;

    /// <summary>How long it is waited whether somebody reads a message where they are, before their other devices are woken.</summary>
    [Range(0, 60)] public double AfterSeconds { get; init; } = 2;

    /// <summary>Whom push services can turn to; unset, they are told the address of this installation.</summary>
    [RegularExpression("(mailto:|https://).+", ErrorMessage = "WebChat:Push:Contact is an address that begins with mailto: or https://.")]
    public string? Contact { get; init; }
}
