using System.Security.Cryptography;
using System.Text;

namespace WebChat.Accounts;

/// <summary>
/// The codes mailed out: one per mailbox, purpose and browser's flow, good for ten minutes, five tries and one use. What one browser
/// asks for voids nothing of another's: an address is no secret. Only a salted hash is kept: in this process, which is right for one node.
/// </summary>
internal class Codes(TimeProvider clock)
{
    public const int Digits = 8;
    public const int Tries = 5;

    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    /// <summary>The least time between two codes of one flow.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Mailbox, string Purpose, string Flow), Sent> sent = [];

    /// <summary>How long until the flow may be sent another code.</summary>
    public TimeSpan Wait(string mailbox, string purpose, string flow)
    {
        lock (gate)
        {
            var wait = sent.TryGetValue((mailbox, purpose, flow), out var last) ? last.At + Pause - clock.GetUtcNow() : TimeSpan.Zero;
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    /// <summary>Makes a code and voids the flow's former one.</summary>
    /// <param name="mailbox">The address in upper case.</param>
    /// <param name="purpose">What the code is for.</param>
    /// <param name="flow">The browser's flow: no other can use the code.</param>
    /// <param name="isGood">False for an address that has no business here: its code is never right, and all else is the same.</param>
    public string Make(string mailbox, string purpose, string flow, bool isGood)
    {
        var code = NewCode();
        var salt = RandomNumberGenerator.GetBytes(16);
        lock (gate)
        {
            Sweep();
            sent[(mailbox, purpose, flow)] = new Sent { Salt = salt, Hash = Hash(salt, code), IsGood = isGood, At = clock.GetUtcNow() };
        }
        return code;
    }

    /// <summary>Tries a code, and uses it up when it is right.</summary>
    public bool TryUse(string mailbox, string purpose, string flow, string code)
    {
        lock (gate)
        {
            if (!sent.TryGetValue((mailbox, purpose, flow), out var last) || last.IsUsed || last.Tries >= Tries || clock.GetUtcNow() >= last.At + GoodFor)
                return false;
            last.Tries++;
            var isRight = CryptographicOperations.FixedTimeEquals(Hash(last.Salt, code), last.Hash) && last.IsGood;
            last.IsUsed = isRight;
            return isRight;
        }
    }

    /// <inheritdoc cref="Wait"/>
    public virtual Task<TimeSpan> WaitAsync(string mailbox, string purpose, string flow) => Task.FromResult(Wait(mailbox, purpose, flow));

    /// <inheritdoc cref="Make"/>
    /// <returns>The code, or null when none can be kept now.</returns>
    public virtual Task<string?> MakeAsync(string mailbox, string purpose, string flow, bool isGood) => Task.FromResult<string?>(Make(mailbox, purpose, flow, isGood));

    /// <inheritdoc cref="TryUse"/>
    /// <returns>Null when it cannot be known now: the try did not count.</returns>
    public virtual Task<bool?> TryUseAsync(string mailbox, string purpose, string flow, string code) => Task.FromResult<bool?>(TryUse(mailbox, purpose, flow, code));

    protected TimeProvider Clock => clock;

    protected static string NewCode() => RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", System.Globalization.CultureInfo.InvariantCulture);

    private void Sweep()
    {
        var now = clock.GetUtcNow();
        foreach (var (key, old) in sent)
        {
            if (now >= old.At + GoodFor)
                sent.Remove(key);
        }
    }

    protected static byte[] Hash(byte[] salt, string code) => SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(code)]);

    private sealed class Sent
    {
        public required byte[] Salt { get; init; }
        public required byte[] Hash { get; init; }
        public required bool IsGood { get; init; }
        public required DateTimeOffset At { get; init; }
        public int Tries { get; set; }
        public bool IsUsed { get; set; }
    }
}
