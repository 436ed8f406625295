using System.Buffers;
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

    private static readonly string[] Hues = ["hue-1", "hue-2", "hue-3", "hue-4", "hue-5", "hue-6", "hue-7", "hue-8"];

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
        var html = new ArrayBufferWriter<byte>(256);
        Write(html, ViewContext.HttpContext.RequestServices.GetRequiredService<Icons>());
        output.TagName = null;
        output.Content.SetHtmlContent(Encoding.UTF8.GetString(html.WrittenSpan));
    }

    /// <summary>Writes it, in a page or in rows that are written by hand.</summary>
    internal void Write(IBufferWriter<byte> html, Icons icons)
    {
        html.Raw("<span class=\"face"u8);
        if (Room || Lobby)
            html.Raw(" room"u8);
        if (Size.Length > 0)
            html.Raw(" "u8).Text(Size);
        html.Raw(" "u8).Text(Hue(Id));
        if (!Room && !Lobby)
            html.Raw(" p-u"u8).Number(Id);
        html.Raw("\" aria-hidden=\"true\">"u8);
        if (Lobby)
            icons.Write(html, "lobby");
        else if (!string.IsNullOrEmpty(Picture)) // an empty attribute, where the row has none
            html.Raw("<img src=\"/pictures/"u8).Text(Picture).Raw("\" alt=\"\" width=\"88\" height=\"88\">"u8);
        else
            html.Text(Initials(Name));
        if (Online)
            html.Raw("<span class=\"here\"></span>"u8);
        html.Raw("</span>"u8);
    }

    /// <summary>The same colour for the same id everywhere.</summary>
    public static string Hue(long id) => Hues[id % Hues.Length];

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
        if (Ascii.IsValid(name))
            return name;
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
