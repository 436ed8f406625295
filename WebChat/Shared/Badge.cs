using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace WebChat.Shared;

/// <summary>
/// <c>&lt;badge count="2" words="{0} unread" calls="true"&gt;</c>: a number that a screen reader hears with its words; nothing for 0.
/// </summary>
[HtmlTargetElement("badge", TagStructure = TagStructure.WithoutEndTag)]
public sealed class Badge : TagHelper
{
    private const long Most = 99;

    public required long Count { get; set; }
    /// <summary>With <c>{0}</c> where the number stands.</summary>
    public required string Words { get; set; }
    /// <summary>True where somebody waits for this very reader.</summary>
    public bool Calls { get; set; }
    /// <summary>True where the reader has asked not to be called, whoever waits.</summary>
    public bool Hushed { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Count <= 0)
        {
            output.SuppressOutput();
            return;
        }
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Hushed ? "badge hushed" : Calls ? "badge calls" : "badge");
        var place = Words.IndexOf("{0}", StringComparison.Ordinal);
        var (before, after) = place < 0 ? (Words, "") : (Words[..place], Words[(place + 3)..]);
        Hidden(output, before);
        output.Content.Append(Count > Most ? $"{Most}+" : Count.ToString(CultureInfo.InvariantCulture));
        Hidden(output, after);
    }

    private static void Hidden(TagHelperOutput output, string words)
    {
        if (words.Length > 0)
            output.Content.AppendHtml("<span class=\"unseen\">").Append(words).AppendHtml("</span>");
    }
}
