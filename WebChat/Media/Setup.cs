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
    }

    public static void MapMedia(this WebApplication app) =>
        app.MapGet("/pictures/{id}", async (string id, PictureStore store, HttpResponse response) =>
            await store.FindAsync(id) is { } picture ? Show(response, picture, "private, max-age=31536000, immutable") : Results.NotFound());

    /// <summary>Answers with a picture that may do nothing but be seen.</summary>
    public static IResult Show(HttpResponse response, Picture picture, string cacheControl)
    {
        response.Headers.ContentSecurityPolicy = SecurityHeaders.UploadPolicy;
        response.Headers.CacheControl = cacheControl;
        return Results.Bytes(picture.Bytes, picture.Type);
    }
}
