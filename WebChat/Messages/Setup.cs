namespace WebChat.Messages;

internal static class Setup
{
    public static void AddMessages(this WebApplicationBuilder builder)
    {
    }

    public static void MapMessages(this WebApplication app)
    {
    }
}
