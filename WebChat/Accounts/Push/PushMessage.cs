using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WebChat.Accounts.Push;

/// <summary>
/// What goes through a push service, so that only the browser it is for can read it: RFC 8291 on top of the content coding
/// <c>aes128gcm</c> of RFC 8188, in one record.
/// </summary>
internal static class PushMessage
{
    /// <summary>The longest text. Services must take 4,096 bytes of body (RFC 8030, section 7.2); not all take much more.</summary>
    public const int MostBytes = 3 * 1024;

    /// <summary>An uncompressed point of P-256.</summary>
    public const int PointLength = 65;

    public const int SecretLength = 16;

    private const int SaltLength = 16;
    private const int RecordSize = 4096;
    private const int TagLength = 16;
    private const byte LastRecord = 2; // RFC 8188, section 2

    /// <summary>True for a key that something can be encrypted for: a point on the curve.</summary>
    public static bool IsPoint(byte[] point)
    {
        if (point.Length != PointLength || point[0] != 4)
            return false;
        try
        {
            using var key = KeyOf(point);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The body of a request to a push service.</summary>
    /// <param name="text">At most <see cref="MostBytes"/>.</param>
    /// <param name="receiver">The browser's public key, "p256dh".</param>
    /// <param name="secret">What the browser shares with us, "auth".</param>
    public static byte[] Encrypt(ReadOnlySpan<byte> text, byte[] receiver, byte[] secret)
    {
        using var once = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(text, receiver, secret, once, RandomNumberGenerator.GetBytes(SaltLength));
    }

    /// <summary>The same with a key and a salt that are given: those of an example.</summary>
    internal static byte[] Encrypt(ReadOnlySpan<byte> text, byte[] receiver, byte[] secret, ECDiffieHellman sender, byte[] salt)
    {
        if (text.Length > MostBytes)
            throw new ArgumentOutOfRangeException(nameof(text), "Longer than a push service need take.");
        using var other = KeyOf(receiver);
        var ours = PointOf(sender.ExportParameters(includePrivateParameters: false));
        var agreed = sender.DeriveRawSecretAgreement(other.PublicKey);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, agreed, 32, secret, [.. "WebPush: info\0"u8, .. receiver, .. ours]); // RFC 8291, section 3.4
        var contentKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 16, salt, "Content-Encoding: aes128gcm\0"u8.ToArray());
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 12, salt, "Content-Encoding: nonce\0"u8.ToArray());

        // salt, record size, length of the key's name, the key, and the record with its tag (RFC 8188, section 2.1)
        var header = SaltLength + 4 + 1 + PointLength;
        var body = new byte[header + text.Length + 1 + TagLength];
        salt.CopyTo(body, 0);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(SaltLength), RecordSize);
        body[SaltLength + 4] = PointLength;
        ours.CopyTo(body, SaltLength + 5);
        using var cipher = new AesGcm(contentKey, TagLength);
        cipher.Encrypt(nonce, [.. text, LastRecord], body.AsSpan(header, text.Length + 1), body.AsSpan(header + text.Length + 1));
        return body;
    }

    public static byte[] PointOf(ECParameters key) => [4, .. key.Q.X!, .. key.Q.Y!];

    private static ECDiffieHellman KeyOf(byte[] point) =>
        ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });
}
