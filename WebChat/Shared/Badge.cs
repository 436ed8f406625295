using System.Buffers;
using System.Text;
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
        var html = new ArrayBufferWriter<byte>(128);
        Write(html);
        output.TagName = null;
        output.Content.SetHtmlContent(Encoding.UTF8.GetString(html.WrittenSpan));
    }

    /// <summary>Writes it, in a page or in rows that are written by hand.</summary>
    internal void Write(IBufferWriter<byte> html)
    {
        if (Count <= 0)
            return;
        html.Raw("<span class=\"badge"u8).Text(Hushed ? " hushed" : Calls ? " calls" : "").Raw("\">"u8);
        var place = Words.IndexOf("{0}", StringComparison.Ordinal);
        Hidden(html, place < 0 ? Words : Words.AsSpan(0, place));
        html.Number(Math.Min(Count, Most));
        if (Count > Most)
            html.Raw("+"u8);
        Hidden(html, place < 0 ? "" : Words.AsSpan(place + 3));
        html.Raw("</span>"u8);
    }

    private static void Hidden(IBufferWriter<byte> html, ReadOnlySpan<char> words)
    {
        if (words.Length > 0)
            html.Raw("<span class=\"unseen\">"u8).Text(words).Raw("</span>"u8);
    }
}
