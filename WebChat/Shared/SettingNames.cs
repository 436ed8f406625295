using System.Reflection;

namespace WebChat.Shared;

/// <summary>
/// Looks for settings under <c>WebChat</c> that nothing reads: a slip of the pen would otherwise leave a limit off without a word. They are
/// named in the log and do not keep the house from opening, for a setting of a newer version is one too.
/// </summary>
internal sealed partial class SettingNames(IConfiguration settings, IEnumerable<KnownSettings> known, ILogger<SettingNames> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var names = known.SelectMany(k => k.Names).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (path, _) in settings.GetSection("WebChat").AsEnumerable().Where(s => s.Value is not null && !names.Contains(s.Key)))
            Log.Unknown(logger, Variable(path), Variable(Nearest(path, names)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The name with the fewest letters to change.</summary>
    internal static string Nearest(string path, IEnumerable<string> names) => names.MinBy(n => Distance(path.ToUpperInvariant(), n.ToUpperInvariant()))!;

    private static string Variable(string path) => path.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>Letters added, left out or changed (Levenshtein), row by row.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var before = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
                (before, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, before + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Setting} is set, and nothing reads a setting of that name. Is {Nearest} meant? The README lists them all")]
        public static partial void Unknown(ILogger logger, string setting, string nearest);
    }
}

/// <summary>Settings that something reads, by their paths.</summary>
internal sealed record KnownSettings(IReadOnlyCollection<string> Names)
{
    /// <summary>Those of a record of options: its properties that can be set.</summary>
    public static KnownSettings Of<T>(string section) =>
        new([.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).Select(p => $"{section}:{p.Name}")]);
}
