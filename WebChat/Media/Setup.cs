using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using WebChat.Shared;

namespace WebChat.Media;

internal static class Setup
{
    public static void AddMedia(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PictureStore>();
        builder.Services.AddSingleton<Pictures>();
        builder.Services.AddSingleton<PictureSweep>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PictureSweep>());
        builder.AddMediaFiles();
        builder.Services.AddSingleton<MediaStore>();
        builder.Services.AddSingleton<Uploads>();
        builder.Services.AddSingleton<MediaSweep>();
        builder.Services.AddHostedService(services => services.GetRequiredService<MediaSweep>());
        builder.Services.Configure<FormOptions>(form => form.MultipartBodyLengthLimit = long.MaxValue); // what a page takes, LargestUpload says
    }

    /// <summary>Where the files of messages are, and nothing that needs more of the house than that.</summary>
    public static void AddMediaFiles(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<S3Options>().BindConfiguration(S3Options.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(KnownSettings.Of<S3Options>(S3Options.Section));
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<S3Options>>().Value);
        if (builder.Configuration[$"{S3Options.Section}:Endpoint"] is { Length: > 0 })
            builder.Services.AddSingleton<IMediaFiles, S3Files>();
        else
            builder.Services.AddSingleton<IMediaFiles, DirectoryFiles>();
    }

    public static void MapMedia(this WebApplication app)
    {
        app.MapGet("/pictures/{id}", async (string id, PictureStore store, HttpResponse response) =>
            await store.FindAsync(id) is { } picture ? Show(response, picture, "private, max-age=31536000, immutable") : Results.NotFound());
        app.MapGet("/media/{id}/{name}", OpenAsync);
    }

    /// <summary>Answers with a picture that may do nothing but be seen.</summary>
    public static IResult Show(HttpResponse response, Picture picture, string cacheControl)
    {
        response.Headers.ContentSecurityPolicy = SecurityHeaders.UploadPolicy;
        response.Headers.CacheControl = cacheControl;
        return Results.Bytes(picture.Bytes, picture.Type);
    }

    /// <summary>A file of a message, or with <c>?small</c> the smaller picture of it. Browsers keep it and ask each time whether they still may.</summary>
    private static async Task<IResult> OpenAsync(string id, HttpContext http, MediaStore store, IMediaFiles files)
    {
        var isSmall = http.Request.Query.ContainsKey("small");
        if (await store.FindAsync(http.User.Id(), id) is not var (file, at)
            || (isSmall && file.SmallType is null)
            || await files.OpenAsync(Uploads.StoredName(file.Id, isSmall), http.RequestAborted) is not { } content)
            return Results.NotFound();
        http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.UploadPolicy;
        http.Response.Headers.CacheControl = "private, no-cache";
        return Results.Stream(
            content,
            isSmall ? file.SmallType : file.Type,
            file.Kind == MediaKind.File ? file.Name : null,
            DateTimeOffset.FromUnixTimeMilliseconds(at),
            new EntityTagHeaderValue($"\"{Uploads.StoredName(file.Id, isSmall)}\""),
            enableRangeProcessing: true);
    }
}
