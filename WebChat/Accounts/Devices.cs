using Microsoft.Extensions.Localization;

namespace WebChat.Accounts;

/// <summary>What a device is called, by its User-Agent: enough for its owner to know it again.</summary>
internal static class Devices
{
    // In this order: most browsers also name those they descend from.
    private static readonly (string Mark, string Name)[] Browsers =
        [("MicroMessenger/", "WeChat"), ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux")];

    public static string Name(string agent, IStringLocalizer<Texts> text)
    {
        var browser = Find(Browsers, agent);
        var system = Find(Systems, agent);
        return (browser, system) switch
        {
            (not null, not null) => text["{0} on {1}", browser, system],
            (null, null) => agent.Split('/', ' ')[0] is { Length: > 0 and < 40 } program ? program : text["An unknown device"],
            _ => browser ?? system!,
        };
    }

    public static bool IsPhone(string agent) => Find(Systems, agent) is "iPhone" or "iPad" or "Android";

    private static string? Find((string Mark, string Name)[] known, string agent) =>
        known.FirstOrDefault(k => agent.Contains(k.Mark, StringComparison.Ordinal)).Name;
}
