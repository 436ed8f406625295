using WebChat.Contacts;
using WebChat.Live;

namespace WebChat.Presence;

internal static class Setup
{
    public static void AddPresence(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Typing>();
        builder.Services.AddSingleton<Comings>();
    }

    public static void MapPresence(this WebApplication app)
    {
        var services = app.Services;
        services.GetRequiredService<LiveActions>().Add("typing", services.GetRequiredService<Typing>().TellAsync);
        services.GetRequiredService<Comings>().Follow(services.GetRequiredService<ContactHooks>());
    }
}
