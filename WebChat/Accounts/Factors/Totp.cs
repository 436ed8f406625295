using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WebChat.Accounts.Factors;

/// <summary>
/// Codes of a time and a secret, as RFC 6238 has them. The framework's own provider takes codes two and a half minutes old and does not say of which
/// time step one was, by which alone it can be refused a second time.
/// </summary>
internal static class Totp
{
    public const int Digits = 6;
    public const int StepSeconds = 30;

    private const int SecretBytes = 20; // RFC 4226, section 4, R6
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; // RFC 4648, section 6

    // A telephone's clock may be half a minute off, and so may the one who types.
    private static readonly long[] Near = [0, -1, 1];

    /// <summary>A new secret, as apps are told it.</summary>
    public static string NewSecret() => RandomNumberGenerator.GetString(Base32, SecretBytes * 8 / 5);

    public static string CodeAt(string secret, DateTimeOffset time) => Code(Bytes(secret), StepAt(time));

    /// <returns>The time step whose code this is; null where it is none of about now.</returns>
    public static long? StepOf(string secret, string code, DateTimeOffset now)
    {
        var key = Bytes(secret);
        var shown = Encoding.UTF8.GetBytes(code);
        long? found = null;
        foreach (var step in Near.Select(near => StepAt(now) + near))
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Code(key, step)), shown))
                found ??= step;
        }
        return found;
    }

    private static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    private static string Code(byte[] key, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // what apps know; what is weak in SHA-1 is not in its HMAC
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & int.MaxValue; // RFC 4226, section 5.3
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Bytes(string secret)
    {
        var bytes = new byte[secret.Length * 5 / 8];
        var (bits, held, at) = (0, 0, 0);
        foreach (var letter in secret)
        {
            bits = ((bits << 5) | Base32.IndexOf(letter, StringComparison.Ordinal)) & 0xFFFF;
            held += 5;
            if (held >= 8)
            {
                held -= 8;
                bytes[at++] = (byte)(bits >> held);
            }
        }
        return bytes;
    }
}
