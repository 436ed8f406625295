using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace WebChat.Shared;

/// <summary>
/// What programs show in place of a password: letters by which it is known for what it is, wherever it turns up, and 256 random bits.
/// Stored is only what it hashes to; it comes in a header and never in an address, where logs would keep it.
/// </summary>
internal static class Token
{
    /// <summary>How tokens of people begin.</summary>
    public const string Personal = "wcp_";

    /// <summary>How tokens of rooms begin, which bots write by.</summary>
    public const string Room = "wcr_";

    /// <summary>How secrets begin by which a bot's calls are signed.</summary>
    public const string Secret = "wcs_";

    /// <summary>How the tokens in invite links begin. They alone stand in an address: whoever has the link comes in.</summary>
    public const string Invite = "wci_";

    private const int Bytes = 32;
    private const int Length = 4 + 43; // of base 64

    public static string New(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>By which it is stored and found: reading the rows lets nobody in.</summary>
    public static string IdOf(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>The token of this sort that a request shows as <c>Authorization: Bearer</c>, or null.</summary>
    public static string? Of(HttpRequest request, string prefix) =>
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var shown) && string.Equals(shown.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
            && shown.Parameter is { Length: Length } token && token.StartsWith(prefix, StringComparison.Ordinal)
            ? token : null;
}
