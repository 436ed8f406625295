using Microsoft.Extensions.Localization;
using WebChat.Accounts;
using WebChat.Shared;

namespace WebChat.Admin.Settings;

/// <summary>What the settings are called on pages, and in the audit log.</summary>
internal static class SettingWords
{
    private const string To = " → ";

    public static string Label(string key, IStringLocalizer<Texts> text) => key.Split(':')[^1] switch
    {
        SiteStore.NameKey => text["Name of this chat"],
        SiteStore.LogoKey => text["Logo"],
        nameof(HouseRules.Registration) => text["Who can make an account"],
        nameof(HouseRules.KeepDays) => text["Days that messages are kept"],
        nameof(HouseRules.RefusedWords) => text["Words that are refused"],
        nameof(Limits.PostsPerSecond) => text["Messages a second"],
        nameof(Limits.PostsPerMinute) => text["Messages a minute"],
        nameof(Limits.RecallSeconds) => text["Seconds to take one back"],
        nameof(Limits.SearchesPerMinute) => text["Searches a minute"],
        nameof(Limits.GroupsPerUser) => text["Groups of one's own"],
        nameof(Limits.MembersPerGroup) => text["Members of a group"],
        nameof(Limits.UploadsPerHour) => text["Files an hour"],
        nameof(Limits.UploadBytes) => text["Largest file, in MB"],
        nameof(Limits.QuotaBytes) => text["All files together, in MB"],
        nameof(Limits.SignInsPerMinute) => text["Sign-ins a minute"],
        nameof(Limits.RegistrationsPerHour) => text["Codes asked for an hour"],
        nameof(Limits.CodesPerHour) => text["Mails an hour to one mailbox"],
        nameof(Limits.CodeChecksPerHour) => text["Codes tried an hour"],
        nameof(Limits.HandshakesPerMinute) => text["New connections a minute"],
        nameof(Limits.SocketsPerUser) => text["Open tabs at once"],
        _ => key,
    };

    public static string Say(Registration registration, IStringLocalizer<Texts> text) => registration switch
    {
        Registration.Open => text["Everybody"],
        Registration.ByInvite => text["Whoever has an invite link"],
        _ => text["No one at all"],
    };

    /// <summary>A value as people read it.</summary>
    public static string Say(string key, string value, IStringLocalizer<Texts> text) =>
        Setting.All.FirstOrDefault(s => string.Equals(s.Key, key, StringComparison.Ordinal)) is not { } setting ? value
        : setting.Kind == SettingKind.Choice && Enum.TryParse<Registration>(value, out var registration) ? Say(registration, text)
        : setting.Show(value);

    /// <summary>A change as the audit log keeps it: of no language.</summary>
    public static string Detail(string key, string before, string after) =>
        string.Equals(key, SiteStore.LogoKey, StringComparison.Ordinal) ? key : $"{key} {before}{To}{after}";

    /// <summary>The same as a page shows it.</summary>
    public static string Say(string detail, IStringLocalizer<Texts> text)
    {
        if (detail.Split(' ', 2) is not [var key, var values])
            return Label(detail, text);
        var said = values.Split(To, 2).Select(value => value.Length == 0 ? text["nothing"].Value : Say(key, value, text));
        return $"{Label(key, text)}: {string.Join(To, said)}";
    }
}
