using System.Collections;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Razor.TagHelpers;
using QRCoder;

namespace WebChat.Shared;

/// <summary>Words as a QR code: one path over a square of modules, with the four of white around it that readers need (ISO/IEC 18004).</summary>
public sealed record Qr(int Side, string Path)
{
    public static Qr Of(string words)
    {
        using var code = QRCodeGenerator.GenerateQrCode(words, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        var rows = code.ModuleMatrix; // with its white margin
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows[y].Count; x++)
            {
                var length = Length(rows[y], x);
                if (length > 0)
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h{length}v1h-{length}z");
                x += length;
            }
        }
        return new Qr(rows.Count, path.ToString());
    }

    private static int Length(BitArray row, int from)
    {
        var to = from;
        while (to < row.Count && row[to])
            to++;
        return to - from;
    }
}

/// <summary><c>&lt;qr for="@Model.Picture" label="…"&gt;</c>: dark on light in any theme, as cameras want it.</summary>
[HtmlTargetElement("qr", TagStructure = TagStructure.WithoutEndTag)]
public sealed class QrTag : TagHelper
{
    public required Qr For { get; set; }
    public required string Label { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "qr");
        output.Attributes.SetAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {For.Side} {For.Side}"));
        output.Attributes.SetAttribute("role", "img");
        output.Attributes.SetAttribute("aria-label", Label);
        output.Content.AppendHtml($"<path d=\"{For.Path}\"/>");
    }
}
