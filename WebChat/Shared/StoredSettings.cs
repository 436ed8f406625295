namespace WebChat.Shared;

/// <summary>
/// What administrators have set, as one source of the configuration: below all others, so that whatever the environment says wins. Options that are
/// watched (<see cref="Microsoft.Extensions.Options.IOptionsMonitor{TOptions}"/>) change with it.
/// </summary>
internal sealed class StoredSettings : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Takes the rows as they are now.</summary>
    public void Put(IReadOnlyDictionary<string, string> rows)
    {
        var now = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in Setting.All)
        {
            if (rows.TryGetValue(setting.Key, out var value) && setting.IsGood(value))
                now[setting.Path] = value;
        }
        if (now.Count == Data.Count && now.All(s => Data.TryGetValue(s.Key, out var before) && string.Equals(before, s.Value, StringComparison.Ordinal)))
            return;
        Data = now;
        OnReload();
    }

    /// <summary>True where another source says it: what is stored then says nothing.</summary>
    public bool IsFixed(Setting setting, IConfiguration settings) =>
        ((IConfigurationRoot)settings).Providers.Any(source => source != this && source.TryGet(setting.Path, out _));

    /// <summary>What is in force, whoever says it.</summary>
    public static string ValueOf(Setting setting, IConfiguration settings) => settings[setting.Path] ?? setting.Default;
}
