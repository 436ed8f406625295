using System.Globalization;
using Microsoft.AspNetCore.Localization;
using Microsoft.Net.Http.Headers;

namespace WebChat.Shared;

/// <summary>The languages of the pages: as the user chose in the profile, else as the browser asks, else English.</summary>
internal sealed class Languages : RequestCultureProvider
{
    public const string English = "en";
    public const string Chinese = "zh-Hans";

    /// <summary>What can be chosen, by what each is called in itself.</summary>
    public static readonly IReadOnlyList<(string Code, string Name)> All = [(English, "English"), (Chinese, "简体中文")];

    public override Task<ProviderCultureResult?> DetermineProviderCultureResult(HttpContext httpContext) =>
        Task.FromResult<ProviderCultureResult?>(new ProviderCultureResult(For(httpContext)));

    /// <summary>The language to answer this request in.</summary>
    public static string For(HttpContext http) =>
        Known(http.User.FindFirst(SignedIn.LanguageClaim)?.Value)
        ?? Wanted(http.Request)
            .Select(Known)
            .FirstOrDefault(language => language is not null)
        ?? English;

    private static IEnumerable<string> Wanted(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var wanted)
            ? wanted.Where(w => w.Quality is not 0).OrderByDescending(w => w.Quality ?? 1).Select(w => w.Value.ToString())
            : [];

    // Every Chinese is answered in the one we have: a reader of another script is nearer to it than to English.
    private static string? Known(string? tag) =>
        tag is null ? null
        : IsOrWithin(tag, "zh") ? Chinese
        : IsOrWithin(tag, "en") ? English
        : null;

    private static bool IsOrWithin(string tag, string language) =>
        tag.Equals(language, StringComparison.OrdinalIgnoreCase) || tag.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Sets the culture of this flow of control, where the request's own was left behind.</summary>
    public static void Speak(HttpContext http) =>
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(For(http));
}
