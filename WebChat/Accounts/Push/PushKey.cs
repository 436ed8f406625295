using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace WebChat.Accounts.Push;

/// <summary>
/// By what push services know this installation: a key pair of its own, whose public half browsers are given when they subscribe, so
/// that nobody else can push to them (RFC 8292).
/// </summary>
internal sealed class PushKey : IDisposable
{
    /// <summary>How long a service may believe one signature; 24 hours are the most.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromHours(12);

    private readonly ECDsa key;

    /// <param name="stored">As <see cref="Make"/> gave it.</param>
    public PushKey(string stored)
    {
        key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(stored), out _);
        Public = Base64Url.EncodeToString(PushMessage.PointOf(key.ExportParameters(includePrivateParameters: false)));
    }

    /// <summary>The public half, as browsers want it.</summary>
    public string Public { get; }

    /// <summary>A new pair, to be stored.</summary>
    public static string Make()
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(made.ExportPkcs8PrivateKey());
    }

    /// <summary>The header <c>Authorization</c> of a request to a push service.</summary>
    /// <param name="endpoint">Whom it is for: its origin is signed with it.</param>
    /// <param name="contact">Whom the service can turn to: an address of https or mailto.</param>
    /// <param name="now">From when on it is believed.</param>
    public string Authorization(Uri endpoint, string contact, DateTimeOffset now)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(new { aud = endpoint.GetLeftPart(UriPartial.Authority), exp = (now + Believed).ToUnixTimeSeconds(), sub = contact });
        var signed = $"{Base64Url.EncodeToString("""{"typ":"JWT","alg":"ES256"}"""u8)}.{Base64Url.EncodeToString(claims)}";
        byte[] signature;
        lock (key) // several send at once, and a key promises nothing of that
            signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"vapid t={signed}.{Base64Url.EncodeToString(signature)}, k={Public}";
    }

    /// <summary>A name for something that push services shall not be able to tell from chance, the same each time.</summary>
    public string Disguise(string name)
    {
        var secret = key.ExportParameters(includePrivateParameters: true).D!;
        return Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(name)))[..32]; // RFC 8030, section 5.4: at most 32 characters
    }

    public void Dispose() => key.Dispose();
}
