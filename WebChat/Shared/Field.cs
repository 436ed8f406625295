using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace WebChat.Shared;

/// <summary>
/// <c>&lt;field for="Account" label="Account" hint="…" type="text" rows="3" …&gt;</c>: label, hint, input and what is wrong with it,
/// tied together for a screen reader. Attributes it does not know go to the input. A password is never written back.
/// </summary>
[HtmlTargetElement("field", TagStructure = TagStructure.WithoutEndTag)]
public sealed class Field : TagHelper
{
    public required ModelExpression For { get; set; }
    public required string Label { get; set; }
    public string? Hint { get; set; }
    public string Type { get; set; } = "text";
    /// <summary>More than 0 makes it a text area.</summary>
    public int Rows { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    private static readonly object Wrong = new();

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var id = IdOf(For.Name);
        var error = ViewContext.ModelState.TryGetValue(For.Name, out var entry) ? entry.Errors.FirstOrDefault()?.ErrorMessage : null;
        var hint = string.Equals(Hint, error, StringComparison.Ordinal) ? null : Hint; // the rule that was not kept is said once
        var input = new TagBuilder(Rows > 0 ? "textarea" : "input") { TagRenderMode = Rows > 0 ? TagRenderMode.Normal : TagRenderMode.SelfClosing };
        input.AddCssClass("input");
        foreach (var attribute in output.Attributes)
            input.Attributes[attribute.Name] = attribute.ValueStyle == HtmlAttributeValueStyle.Minimized ? "" : attribute.Value?.ToString();
        output.Attributes.Clear();
        input.Attributes["id"] = id;
        input.Attributes["name"] = For.Name;
        var value = For.Model?.ToString();
        if (Rows > 0)
        {
            input.Attributes["rows"] = Rows.ToString(System.Globalization.CultureInfo.InvariantCulture);
            input.InnerHtml.Append(value ?? "");
        }
        else
        {
            input.Attributes["type"] = Type;
            if (Type is not ("password" or "file") && !string.IsNullOrEmpty(value))
                input.Attributes["value"] = value;
        }
        var describedBy = string.Join(' ', new[] { hint is null ? null : id + "-hint", error is null ? null : id + "-error" }.OfType<string>());
        if (describedBy.Length > 0)
            input.Attributes["aria-describedby"] = describedBy;
        if (error is not null)
        {
            input.Attributes["aria-invalid"] = "true";
            if (ViewContext.HttpContext.Items.TryAdd(Wrong, null))
                input.Attributes["autofocus"] = ""; // the first that is wrong comes into view: it may be far down
        }

        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "field");
        var label = new TagBuilder("label");
        label.Attributes["for"] = id;
        label.InnerHtml.Append(Label);
        output.Content.AppendHtml(label);
        if (hint is not null)
            output.Content.AppendHtml(Note("hint", id + "-hint", hint));
        output.Content.AppendHtml(input);
        if (error is not null)
            output.Content.AppendHtml(Error(ViewContext.HttpContext, id + "-error", error));
    }

    /// <summary>By which the label, the hint and the error find their field.</summary>
    internal static string IdOf(string name) => name.ToLowerInvariant().Replace('.', '-').Replace('[', '-').Replace("]", "", StringComparison.Ordinal);

    /// <summary>The sentence below a field, with its mark.</summary>
    internal static TagBuilder Error(HttpContext http, string id, string sentence)
    {
        var note = Note("error", id, "");
        note.InnerHtml.AppendHtml($"<svg class=\"icon small\" aria-hidden=\"true\"><use href=\"{Icon.Address(http, "alert")}\"/></svg>");
        note.InnerHtml.Append(sentence);
        return note;
    }

    private static TagBuilder Note(string kind, string id, string sentence)
    {
        var note = new TagBuilder("span");
        note.AddCssClass(kind);
        note.Attributes["id"] = id;
        note.InnerHtml.Append(sentence);
        return note;
    }
}

/// <summary><c>&lt;error for="Sex"&gt;</c>: what is wrong with a control that is no <see cref="Field"/>; nothing when all is well.</summary>
[HtmlTargetElement("error", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FieldError : TagHelper
{
    public required ModelExpression For { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        if (ViewContext.ModelState.TryGetValue(For.Name, out var entry) && entry.Errors.Count > 0)
            output.Content.AppendHtml(Field.Error(ViewContext.HttpContext, Field.IdOf(For.Name) + "-error", entry.Errors[0].ErrorMessage));
    }
}
