using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace WebChat.Load;

/// <summary>Figures with names and units: a table for people, JSON for machines.</summary>
internal sealed class Report
{
    private readonly List<(string Name, double Value, string Unit)> figures = [];

    public void Add(string name, double value, string unit) => figures.Add((name, Math.Round(value, 3), unit));

    /// <summary>Adds the median and the 99th percentile of times in milliseconds.</summary>
    public void AddTimes(string name, IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        if (sorted.Length == 0)
            return;
        Add($"{name}, p50", sorted[sorted.Length / 2], "ms");
        Add($"{name}, p99", sorted[(int)(sorted.Length * .99)], "ms");
    }

    /// <summary>Prints the table, then the same as one line of JSON; to the file too, if there is one.</summary>
    public async Task PrintAsync(FileInfo? file)
    {
        var width = figures.Max(f => f.Name.Length);
        foreach (var (name, value, unit) in figures)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name.PadRight(width)}  {value,14:#,0.###} {unit}"));
        var json = JsonSerializer.Serialize(figures.ToDictionary(f => f.Unit.Length > 0 ? $"{f.Name} ({f.Unit})" : f.Name, f => f.Value, StringComparer.Ordinal));
        Console.WriteLine(json);
        if (file is not null)
            await File.WriteAllTextAsync(file.FullName, json);
    }
}

/// <summary>The server as the operating system sees it.</summary>
internal sealed class ServerProcess
{
    private readonly Process process;

    private ServerProcess(Process process) => this.process = process;

    public static ServerProcess? Of(int pid) => pid == 0 ? null : new ServerProcess(Process.GetProcessById(pid));

    /// <summary>Resident memory in KiB, and processor time used so far.</summary>
    public (double Memory, TimeSpan Processor) Read()
    {
        process.Refresh();
        return (process.WorkingSet64 / 1024.0, process.TotalProcessorTime);
    }
}
