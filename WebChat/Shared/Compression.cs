using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace WebChat.Shared;

/// <summary>
/// Pages leave compressed. Not so for a browser that says another site had it ask: by the length of what somebody on the way cannot read, they
/// would learn whether what they had it look for stands on the page (https://www.breachattack.com). The tokens of forms look different each time anyway.
/// </summary>
internal static class Compression
{
    public static void AddCompression(this IServiceCollection services)
    {
        services.AddResponseCompression(pages =>
        {
            pages.EnableForHttps = true;
            pages.MimeTypes = ["text/html", "application/json"];
        });
        // The next level takes three times as long, for a tenth less.
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    public static void UseCompression(this IApplicationBuilder app) =>
        app.UseWhen(http => http.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin", pages => pages.UseResponseCompression());
}
