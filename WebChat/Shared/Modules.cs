using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.FileProviders;

namespace WebChat.Shared;

/// <summary>
/// Where browsers get the scripts. They import each other by name, so each stands below one part of the address that is another as soon as any of
/// them is: a browser keeps them for good, and never has one of yesterday beside one of today. While one develops they have no such part.
/// </summary>
public sealed class Modules
{
    private const string Prefix = "/v-";

    private readonly string version;

    public Modules(IWebHostEnvironment environment) => version = environment.IsDevelopment() ? "" : Prefix + VersionOf(environment.WebRootFileProvider);

    /// <summary>The address of one in <c>wwwroot/js</c>.</summary>
    public string Address(string name) => $"{version}/js/{name}.js";

    /// <summary>Finds what is asked for below such a part. That of another version has what this one has: a page of it is still open, or another node is newer.</summary>
    internal Task ServeAsync(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path.Value ?? "";
        if (path.StartsWith(Prefix, StringComparison.Ordinal) && path.IndexOf('/', 1) is var end and > 0)
        {
            http.Request.Path = path[end..];
            if (version.Length > 0 && path.AsSpan(0, end).SequenceEqual(version))
                http.Response.OnStarting(static state => Keep((HttpResponse)state), http.Response);
        }
        return next(http);
    }

    private static Task Keep(HttpResponse response)
    {
        if (response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified && response.ContentType is null or "text/javascript")
            response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Task.CompletedTask;
    }

    private static string VersionOf(IFileProvider files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.GetDirectoryContents("js").Concat(files.GetDirectoryContents("lib")).Where(f => f.Name.EndsWith(".js", StringComparison.Ordinal)).OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            using var content = file.CreateReadStream();
            hash.AppendData(SHA256.HashData(content));
        }
        return Base64Url.EncodeToString(hash.GetHashAndReset().AsSpan(0, 9));
    }
}

/// <summary><c>&lt;script module="app"&gt;</c>: one script of <c>wwwroot/js</c>.</summary>
[HtmlTargetElement("script", Attributes = "module")]
public sealed class ModuleScript(Modules modules) : TagHelper
{
    public required string Module { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Attributes.SetAttribute("src", modules.Address(Module));
        output.Attributes.SetAttribute("type", "module");
    }
}
