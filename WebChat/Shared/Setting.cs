using System.Globalization;

namespace WebChat.Shared;

/// <summary>
/// A setting that administrators can change while the program runs. The environment has it as <c>WebChat__{Section}__{Name}</c>, and wins;
/// the table <c>settings</c> has it as <see cref="Key"/>.
/// </summary>
internal sealed record Setting
{
    private const long MegaByte = 1024 * 1024;

    /// <summary>Of anything that is counted: who wants more wants no limit, which is 0.</summary>
    private const long Million = 1_000_000;

    private static readonly Limits Usual = new();

    public static readonly Setting Registration = new() { Section = House, Name = nameof(HouseRules.Registration), Default = nameof(Shared.Registration.Open), Kind = SettingKind.Choice };

    public static readonly Setting RefusedWords = new() { Section = House, Name = nameof(HouseRules.RefusedWords), Default = "", Kind = SettingKind.Words };

    public static readonly Setting KeepDays = new() { Section = House, Name = nameof(HouseRules.KeepDays), Default = "0", Most = HouseRules.MostDays };

    /// <summary>How much one may do, in the order in which the page has them.</summary>
    public static readonly IReadOnlyList<Setting> Limits =
    [
        Limit(nameof(Shared.Limits.PostsPerSecond), Usual.PostsPerSecond),
        Limit(nameof(Shared.Limits.PostsPerMinute), Usual.PostsPerMinute),
        Limit(nameof(Shared.Limits.RecallSeconds), Usual.RecallSeconds),
        Limit(nameof(Shared.Limits.SearchesPerMinute), Usual.SearchesPerMinute),
        Limit(nameof(Shared.Limits.GroupsPerUser), Usual.GroupsPerUser),
        Limit(nameof(Shared.Limits.MembersPerGroup), Usual.MembersPerGroup),
        Limit(nameof(Shared.Limits.UploadsPerHour), Usual.UploadsPerHour),
        Limit(nameof(Shared.Limits.UploadBytes), Usual.UploadBytes) with { Unit = MegaByte, Most = int.MaxValue },
        Limit(nameof(Shared.Limits.QuotaBytes), Usual.QuotaBytes) with { Unit = MegaByte, Most = 1L << 50 },
        Limit(nameof(Shared.Limits.SignInsPerMinute), Usual.SignInsPerMinute),
        Limit(nameof(Shared.Limits.RegistrationsPerHour), Usual.RegistrationsPerHour),
        Limit(nameof(Shared.Limits.CodesPerHour), Usual.CodesPerHour),
        Limit(nameof(Shared.Limits.CodeChecksPerHour), Usual.CodeChecksPerHour),
        Limit(nameof(Shared.Limits.HandshakesPerMinute), Usual.HandshakesPerMinute),
        Limit(nameof(Shared.Limits.SocketsPerUser), Usual.SocketsPerUser),
    ];

    public static readonly IReadOnlyList<Setting> All = [Registration, .. Limits, KeepDays, RefusedWords];

    private const string House = "House";

    public required string Section { get; init; }
    public required string Name { get; init; }
    public SettingKind Kind { get; init; }

    /// <summary>Where nobody says anything.</summary>
    public required string Default { get; init; }

    /// <summary>The largest number it may be; the smallest is 0.</summary>
    public long Most { get; init; } = Million;

    /// <summary>Of how many a page counts one: bytes stand there as megabytes.</summary>
    public long Unit { get; init; } = 1;

    public string Key => $"{Section}:{Name}";

    /// <summary>Where all settings together have it.</summary>
    public string Path => $"WebChat:{Key}";

    public string Variable => $"WebChat__{Section}__{Name}";

    /// <summary>The largest number that a page may say.</summary>
    public long MostShown => Most / Unit;

    /// <summary>A value as a page shows it.</summary>
    public string Show(string value) =>
        Unit > 1 && long.TryParse(value, CultureInfo.InvariantCulture, out var number) ? (number / (decimal)Unit).ToString("0.###", CultureInfo.InvariantCulture) : value;

    /// <summary>What was typed as it is stored, or null where it is none.</summary>
    public string? Read(string? typed)
    {
        var value = Kind switch
        {
            SettingKind.Words => WordList.Tidy(typed),
            SettingKind.Choice => typed,
            _ => decimal.TryParse(typed?.Trim(), Unit > 1 ? NumberStyles.AllowDecimalPoint : NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostShown
                ? decimal.Truncate(number * Unit).ToString(CultureInfo.InvariantCulture) : null,
        };
        return value is not null && IsGood(value) ? value : null;
    }

    /// <summary>True for what may be stored: a row that somebody wrote by hand does no harm.</summary>
    public bool IsGood(string value) => Kind switch
    {
        SettingKind.Words => WordList.IsGood(value),
        SettingKind.Choice => Enum.GetNames<Registration>().Contains(value, StringComparer.Ordinal),
        _ => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= Most,
    };

    private static Setting Limit(string name, long value) => new() { Section = "Limits", Name = name, Default = value.ToString(CultureInfo.InvariantCulture) };
}

internal enum SettingKind
{
    Number,
    Choice,
    Words,
}
