using System.Numerics;

namespace WebChat.Messages.Search;

/// <summary>Places of a room's log within a stretch: as the index writes them, and as a set.</summary>
internal sealed class Places
{
    /// <summary>Places in a stretch: one of the newest is read whole for a common word, and a rare one is looked for in each.</summary>
    public const int Stretch = 2048;

    private const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private readonly ulong[] bits = new ulong[Stretch / 64];

    /// <summary>None left.</summary>
    public bool IsEmpty => !bits.AsSpan().ContainsAnyExcept(0ul);

    /// <summary>Every place of a stretch.</summary>
    public static Places All()
    {
        var all = new Places();
        all.bits.AsSpan().Fill(ulong.MaxValue);
        return all;
    }

    public static int StretchOf(long seq) => (int)(seq / Stretch);

    /// <summary>A place, in two characters.</summary>
    public static string Write(long seq) => string.Concat([Digits[(int)(seq % Stretch) >> 6], Digits[(int)(seq % Stretch) & 63]]);

    public static bool Has(string written, long seq) => IndexOf(written, seq) >= 0;

    public static string Without(string written, long seq) => IndexOf(written, seq) is >= 0 and var at ? written.Remove(at, 2) : written;

    public void Add(string written)
    {
        for (var at = 0; at + 1 < written.Length; at += 2)
        {
            var place = ValueOf(written[at]) << 6 | ValueOf(written[at + 1]);
            bits[place >> 6] |= 1ul << place;
        }
    }

    /// <summary>Keeps what the other has too.</summary>
    public void And(Places other)
    {
        for (var i = 0; i < bits.Length; i++)
            bits[i] &= other.bits[i];
    }

    /// <summary>Drops what stands at a place and after it.</summary>
    public void CutFrom(int place)
    {
        for (var i = Math.Max(0, place); i < Stretch; i++)
            bits[i >> 6] &= ~(1ul << i);
    }

    /// <summary>Takes the last ones out, the last first.</summary>
    public List<int> TakeLast(int most)
    {
        var taken = new List<int>(most);
        for (var i = bits.Length - 1; i >= 0; i--)
        {
            while (bits[i] != 0 && taken.Count < most)
            {
                var bit = 63 - BitOperations.LeadingZeroCount(bits[i]);
                bits[i] &= ~(1ul << bit);
                taken.Add(i << 6 | bit);
            }
        }
        return taken;
    }

    private static int IndexOf(string written, long seq)
    {
        var place = Write(seq);
        for (var at = 0; at + 1 < written.Length; at += 2)
        {
            if (written[at] == place[0] && written[at + 1] == place[1])
                return at;
        }
        return -1;
    }

    private static int ValueOf(char digit) => digit switch
    {
        <= '9' and >= '0' => digit - '0' + 52,
        <= 'Z' and >= 'A' => digit - 'A',
        <= 'z' and >= 'a' => digit - 'a' + 26,
        '-' => 62,
        _ => 63,
    };
}
