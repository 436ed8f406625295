using WebChat.Live;

namespace WebChat.Presence;

internal static class Setup
{
    public static void AddPresence(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Typing>();
    }

    public static void MapPresence(this WebApplication app)
    {
        app.Services.GetRequiredService<LiveActions>().Add("typing", app.Services.GetRequiredService<Typing>().TellAsync);
    }
}
