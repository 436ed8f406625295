using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace WebChat.Tests.Accounts.Push;

/// <summary>A browser that is subscribed: it reads what is sent to it by steps of its own, the extract and expand of RFC 5869 written out.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly ECDiffieHellman key;

    public Receiver() : this(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256), RandomNumberGenerator.GetBytes(16))
    {
    }

    public Receiver(ECDiffieHellman key, byte[] auth)
    {
        (this.key, Auth) = (key, auth);
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        Point = [4, .. q.X!, .. q.Y!];
    }

    public byte[] Point { get; }

    public byte[] Auth { get; }

    public string P256dhText => Base64Url.EncodeToString(Point);

    public string AuthText => Base64Url.EncodeToString(Auth);

    public string Read(byte[] body)
    {
        var salt = body[..16];
        Assert.Equal(4096u, BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(16)));
        Assert.Equal(65, body[20]);
        var sender = body[21..86];
        using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = sender[1..33], Y = sender[33..] } });
        var agreed = key.DeriveRawSecretAgreement(other.PublicKey);
        var keyed = Mac(Mac(Auth, agreed), "WebPush: info\0"u8, Point, sender, [1]);
        var pseudo = Mac(salt, keyed);
        var contentKey = Mac(pseudo, "Content-Encoding: aes128gcm\0"u8, [1])[..16];
        var nonce = Mac(pseudo, "Content-Encoding: nonce\0"u8, [1])[..12];
        var record = body[86..];
        var text = new byte[record.Length - 16];
        using var cipher = new AesGcm(contentKey, 16);
        cipher.Decrypt(nonce, record.AsSpan(0, text.Length), record.AsSpan(text.Length), text);
        Assert.Equal(2, text[^1]);
        return Encoding.UTF8.GetString(text, 0, text.Length - 1);
    }

    public void Dispose() => key.Dispose();

    private static byte[] Mac(byte[] key, ReadOnlySpan<byte> first, params byte[][] rest) => HMACSHA256.HashData(key, (byte[])[.. first, .. rest.SelectMany(r => r)]);
}
