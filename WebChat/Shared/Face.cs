using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace WebChat.Shared;

/// <summary>
/// <c>&lt;face id name picture size room online&gt;</c>: a person's or room's mark, its picture or its initials.
/// The dot of one who is here is for friends, whose coming and going is live; who else is here, <c>/online</c> says.
/// A person's face carries <c>p-u{id}</c>, by which live presence finds it.
/// </summary>
[HtmlTargetElement("face", TagStructure = TagStructure.WithoutEndTag)]
public sealed class Face : TagHelper
{
    private const int MostMarks = 2;

    public required long Id { get; set; }
    public required string Name { get; set; }
    public string? Picture { get; set; }
    /// <summary>tiny, small, or large; empty is the ordinary size.</summary>
    public string Size { get; set; } = "";
    public bool Room { get; set; }
    public bool Lobby { get; set; }
    public bool Online { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", string.Join(' ', Classes().Where(c => c.Length > 0)));
        output.Attributes.SetAttribute("aria-hidden", "true");
        if (Lobby)
            output.Content.AppendHtml($"<svg class=\"icon\" aria-hidden=\"true\"><use href=\"{Icon.Address(ViewContext.HttpContext, "lobby")}\"/></svg>");
        else if (!string.IsNullOrEmpty(Picture)) // an empty attribute, where the row has none
            output.Content.AppendHtml($"<img src=\"/pictures/{Picture}\" alt=\"\" width=\"88\" height=\"88\">");
        else
            output.Content.Append(Initials(Name));
        if (Online)
            output.Content.AppendHtml("<span class=\"here\"></span>");
    }

    private string[] Classes() => ["face", Room || Lobby ? "room" : "", Size, Hue(Id), Room || Lobby ? "" : $"p-u{Id.ToString(CultureInfo.InvariantCulture)}"];

    /// <summary>The same colour for the same id everywhere.</summary>
    public static string Hue(long id) => string.Create(CultureInfo.InvariantCulture, $"hue-{id % 8 + 1}");

    /// <summary>Two letters of a name in letters, one character of a name in Han or kana. Marks that pile up would run out of the face: two on each are enough.</summary>
    public static string Initials(string name)
    {
        var words = WithoutPiles(name).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0)
            return "?";
        var first = StringInfo.GetNextTextElement(words[0]);
        if (first.Length > 2 || first[0] >= 0x2E80)
            return first;
        var second = words.Length > 1 ? StringInfo.GetNextTextElement(words[^1]) : words[0].Length > first.Length ? StringInfo.GetNextTextElement(words[0], first.Length) : "";
        return (first + (second.Length > 2 ? "" : second)).ToUpperInvariant();
    }

    private static string WithoutPiles(string name)
    {
        var kept = new StringBuilder(name.Length);
        var marks = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            marks = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            if (marks <= MostMarks)
                kept.Append(rune.ToString());
        }
        return kept.ToString();
    }
}
