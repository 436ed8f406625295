using Dapper;
using WebChat.Accounts;
using WebChat.Admin.Audit;
using WebChat.Media;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Admin.Settings;

/// <summary>A setting that somebody wants to be another.</summary>
/// <param name="Key">By which it is stored.</param>
/// <param name="Was">What it was when they looked.</param>
/// <param name="Value">What it is to be.</param>
/// <param name="Default">What it is while nobody has set it.</param>
internal sealed record SettingChange(string Key, string Was, string Value, string Default = "");

/// <summary>How saving went: nothing is saved where somebody else changed one of the same meanwhile.</summary>
/// <param name="IsAllowed">False for one who is no administrator any more.</param>
/// <param name="Changed">What others have made of the settings that one wanted to change, by key.</param>
internal sealed record SettingsSaved(bool IsAllowed, IReadOnlyDictionary<string, string> Changed)
{
    public bool IsDone => IsAllowed && Changed.Count == 0;
}

/// <summary>Changes settings, each with its line in the audit log.</summary>
internal sealed class AdminSettingsStore(Database database, TimeProvider clock)
{
    private const int LongestDetail = 200;

    private static readonly Dictionary<string, string> None = [];

    /// <summary>Saves all of these or none. What is so already is no change.</summary>
    /// <param name="actorId">Who does it.</param>
    /// <param name="changes">What to change: the rest stays as it is, whoever changes it meanwhile.</param>
    /// <param name="logo">The picture that a change of <see cref="SiteStore.LogoKey"/> names.</param>
    public Task<SettingsSaved> SaveAsync(long actorId, IReadOnlyList<SettingChange> changes, NewPicture? logo = null) =>
        database.WriteAsync(async c =>
        {
            if (!await Administrator.IsAsync(c, actorId))
                return new SettingsSaved(IsAllowed: false, None);
            var now = clock.Now();
            var rows = await SettingsStore.ReadAsync(c);
            string Current(SettingChange change) => rows.GetValueOrDefault(change.Key, change.Default);
            var others = changes.Where(s => !Same(Current(s), s.Was) && !Same(Current(s), s.Value)).ToDictionary(s => s.Key, Current, StringComparer.Ordinal);
            if (others.Count > 0)
                return new SettingsSaved(IsAllowed: true, others);
            if (logo is not null)
                await PictureStore.AddAsync(c, actorId, logo, now);
            foreach (var change in changes.Where(s => !Same(Current(s), s.Value)))
            {
                await SettingsStore.WriteAsync(c, change.Key, change.Value);
                await AuditStore.AddAsync(c, new AuditEntry { ActorId = actorId, Act = Act.Set, Detail = SettingWords.Detail(change.Key, Short(Current(change)), Short(change.Value)) }, now);
            }
            return new SettingsSaved(IsAllowed: true, None);
        });

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);

    private static string Short(string value)
    {
        var line = value.Replace("\n", ", ", StringComparison.Ordinal);
        return line.Length <= LongestDetail ? line : UserText.Beginning(line, LongestDetail) + "…";
    }
}
