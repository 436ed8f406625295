using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace WebChat.Shared;

/// <summary>
/// <c>&lt;moment at="ms" style="time"&gt;</c>: a time in UTC, which a script turns into the reader's own zone.
/// Styles: <c>time</c> (10:31), <c>date</c> (21 November), <c>short</c> (10:31 today, else the date), <c>soon</c> (10:31 today, else with its date),
/// <c>dated</c> (21 Nov 2026), <c>full</c> (with the time).
/// </summary>
[HtmlTargetElement("moment", TagStructure = TagStructure.WithoutEndTag)]
public sealed class Moment(TimeProvider clock) : TagHelper
{
    /// <summary>UTC Unix milliseconds.</summary>
    public required long At { get; set; }
    public string Style { get; set; } = "time";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", Iso(At));
        output.Attributes.SetAttribute("data-style", Style);
        output.Content.SetContent(Say(At, Style, clock));
    }

    /// <summary>Writes it in rows that are written by hand.</summary>
    internal static void Write(IBufferWriter<byte> html, long at, string style, TimeProvider clock) =>
        html.Raw("<time datetime=\""u8).Iso(at).Raw("\" data-style=\""u8).Text(style).Raw("\">"u8).Text(Say(at, style, clock)).Raw("</time>"u8);

    private static string Say(long milliseconds, string style, TimeProvider clock)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return style switch
        {
            "time" => at.ToString("HH:mm", CultureInfo.InvariantCulture),
            "short" or "soon" when at.UtcDateTime.Date == clock.GetUtcNow().UtcDateTime.Date => at.ToString("HH:mm", CultureInfo.InvariantCulture),
            "soon" => string.Create(CultureInfo.CurrentCulture, $"{at:M}, {at:HH:mm}"),
            "dated" => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "full" => at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            _ => at.ToString("M", CultureInfo.CurrentCulture),
        };
    }

    public static string Iso(long at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
