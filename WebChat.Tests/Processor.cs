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

    // In nanoseconds; only Linux counts them for a thread.
    private static double Worked() => OperatingSystem.IsLinux()
        ? double.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture)
        : Stopwatch.GetTimestamp() * 1e9 / Stopwatch.Frequency;
}
