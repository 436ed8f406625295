using System.Buffers;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace WebChat.Shared;

/// <summary>
/// <c>&lt;icon name="reply" class="small turns"&gt;</c>: one drawing of <c>wwwroot/icons.svg</c>. With <c>whole="true"</c> the drawing itself
/// stands in the page: for what must show while the server is away.
/// </summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class Icon(Drawings drawings) : TagHelper
{
    internal const string File = "icons.svg";

    public required string Name { get; set; }
    public string? Class { get; set; }
    public bool Whole { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Class is null ? "icon" : "icon " + Class);
        output.Attributes.SetAttribute("aria-hidden", "true");
        if (Whole)
            output.Attributes.SetAttribute("viewBox", Drawings.Box);
        output.Content.AppendHtml(Whole ? drawings.Find(Name) : $"<use href=\"{Address(ViewContext.HttpContext, Name)}\"/>");
    }

    /// <summary>Where a drawing is: under a name that changes with the file, so that browsers keep it for good.</summary>
    public static string Address(HttpContext http, string name) =>
        $"/{http.GetEndpoint()?.Metadata.GetMetadata<ResourceAssetCollection>()?[File] ?? File}#{name}";
}

/// <summary>Where the drawings are for what is written outside any request, under the same name as in pages.</summary>
internal sealed class Icons(IServiceProvider services)
{
    private readonly Lazy<string> file = new(() =>
        services.GetRequiredService<EndpointDataSource>().Endpoints.Select(e => e.Metadata.GetMetadata<ResourceAssetCollection>()).FirstOrDefault(assets => assets is not null)?[Icon.File] ?? Icon.File);

    public string Address(string name) => $"/{file.Value}#{name}";

    /// <summary>Writes one, as <see cref="Icon"/> does.</summary>
    public IBufferWriter<byte> Write(IBufferWriter<byte> html, string name, string classes = "icon") =>
        html.Raw("<svg class=\""u8).Text(classes).Raw("\" aria-hidden=\"true\"><use href=\"/"u8).Text(file.Value).Raw("#"u8).Text(name).Raw("\"/></svg>"u8);
}

/// <summary>The drawings of <c>wwwroot/icons.svg</c>, each by itself.</summary>
public sealed class Drawings(IWebHostEnvironment environment)
{
    public const string Box = "0 0 24 24";

    private readonly Lazy<Dictionary<string, string>> all = new(() => Read(environment));

    public string Find(string name) => all.Value[name];

    private static Dictionary<string, string> Read(IWebHostEnvironment environment)
    {
        using var file = environment.WebRootFileProvider.GetFileInfo("icons.svg").CreateReadStream();
        return System.Xml.Linq.XDocument.Load(file).Root!.Elements()
            .Where(symbol => (string?)symbol.Attribute("viewBox") is Box)
            .ToDictionary(symbol => (string)symbol.Attribute("id")!, symbol => string.Concat(symbol.Elements().Select(Bare)), StringComparer.Ordinal);
    }

    /// <summary>Without the namespace, which HTML needs no word of.</summary>
    private static string Bare(System.Xml.Linq.XElement shape) =>
        new System.Xml.Linq.XElement(shape.Name.LocalName, shape.Attributes()).ToString(System.Xml.Linq.SaveOptions.DisableFormatting);
}
