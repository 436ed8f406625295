using System.Buffers.Text;
using System.Net;
using WebChat.Shared;

namespace WebChat.Accounts.Push;

/// <summary>
/// Which addresses are taken for a browser's push service. A browser names it, and this server will knock there: so it is https, on its
/// own port, and a name or address of the public's. What the name resolves to is looked at each time, by <see cref="Outside"/>.
/// </summary>
internal sealed record PushRules
{
    public const int LongestEndpoint = 2000;

    private static readonly string[] PrivateNames = [".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test", ".invalid", ".onion"];

    /// <summary>The schemes: https. No setting leads to another, only tests do.</summary>
    public IReadOnlyCollection<string> Schemes { get; init; } = ["https"];

    /// <summary>The address, where it may be one.</summary>
    public Uri? Address(string? endpoint, Outside outside) =>
        endpoint is { Length: > 0 and <= LongestEndpoint } && Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
        && Schemes.Contains(address.Scheme, StringComparer.Ordinal) && outside.MayAsk(address) && IsPublicName(address.IdnHost.TrimEnd('.')) ? address : null;

    /// <summary>Bytes as browsers write them; empty where they are none.</summary>
    public static byte[] Bytes(string? text) => text is { Length: <= 200 } && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];

    // Of an address in numbers, Outside has said already whether it is the public's.
    private static bool IsPublicName(string host) =>
        IPAddress.TryParse(host, out _)
        || (host.Contains('.', StringComparison.Ordinal) && !PrivateNames.Any(end => host.EndsWith(end, StringComparison.OrdinalIgnoreCase)));
}
