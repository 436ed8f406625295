using Microsoft.AspNetCore.Razor.TagHelpers;

namespace WebChat.Shared;

/// <summary><c>&lt;icon name="reply" class="small turns"&gt;</c>: one drawing of <c>wwwroot/icons.svg</c>.</summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class Icon : TagHelper
{
    public required string Name { get; set; }
    public string? Class { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Class is null ? "icon" : "icon " + Class);
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Content.AppendHtml($"<use href=\"/icons.svg#{Name}\"/>");
    }
}
