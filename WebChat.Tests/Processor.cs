using System.Diagnostics;
using System.Globalization;

namespace WebChat.Tests;

/// <summary>What a piece of work costs the processor: work, not waiting, so that a busy machine changes nothing.</summary>
internal static class Processor
{
    public static double Milliseconds(Action work)
    {
        var start = Worked();
        work();
        return (Worked() - start) / 1e6;
    }

    /// <summary>Four times as much costs about four times the work: what grew with its square would cost sixteen times as much.</summary>
    public static void AssertGrowsWith(Action whole, Action quarter) =>
        Assert.Contains(Enumerable.Range(0, 20), _ => Milliseconds(whole) < (8 * Milliseconds(quarter)) + 8); // later tries know the code better; the clock goes by a few milliseconds at a time

    // In nanoseconds; only Linux counts them for a thread.
    private static double Worked() => OperatingSystem.IsLinux()
        ? double.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture)
        : Stopwatch.GetTimestamp() * 1e9 / Stopwatch.Frequency;
}
