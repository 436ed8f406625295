namespace WebChat.Live;

internal static class Setup
{
    public static void AddLive(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Connections>();
    }

    public static void MapLive(this WebApplication app)
    {
    }
}
