namespace WebChat.Admin.Figures;

/// <summary>How long things took, counted in classes that grow by a fifth: enough to say the 99th of a hundred, however many they are.</summary>
internal static class Waits
{
    private const int PerDoubling = 4;

    /// <summary>The last class takes whatever is longer than a quarter of an hour.</summary>
    public const int Classes = (20 * PerDoubling) + 1;

    public static int ClassOf(double milliseconds) => milliseconds <= 1 ? 0 : Math.Min((int)Math.Ceiling(Math.Log2(milliseconds) * PerDoubling), Classes - 1);

    /// <returns>The time, in milliseconds, that this part of all were within; null when there were none.</returns>
    public static double? Within(double part, ReadOnlySpan<long> counts)
    {
        var all = 0L;
        foreach (var count in counts)
            all += count;
        if (all == 0)
            return null;
        var seen = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= part * all)
                return Math.Pow(2, (double)i / PerDoubling);
        }
        return null;
    }

    /// <summary>All of these together; some may be trimmed.</summary>
    public static long[] Sum(IEnumerable<IReadOnlyList<int>> some)
    {
        var sum = new long[Classes];
        foreach (var counts in some)
        {
            for (var i = 0; i < Math.Min(counts.Count, Classes); i++)
                sum[i] += counts[i];
        }
        return sum;
    }

    /// <summary>Without the empty classes at the end: as a rule all but a few.</summary>
    public static int[] Trim(int[] counts)
    {
        var last = Array.FindLastIndex(counts, c => c > 0);
        return counts[..(last + 1)];
    }
}
