namespace WebChat.Media;

internal static class Setup
{
    public static void AddMedia(this WebApplicationBuilder builder)
    {
    }

    public static void MapMedia(this WebApplication app)
    {
    }
}
