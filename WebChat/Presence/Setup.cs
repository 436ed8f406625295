namespace WebChat.Presence;

internal static class Setup
{
    public static void AddPresence(this WebApplicationBuilder builder)
    {
    }

    public static void MapPresence(this WebApplication app)
    {
    }
}
