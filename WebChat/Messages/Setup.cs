using System.Collections.Frozen;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Live;

namespace WebChat.Messages;

internal static class Setup
{
    public static void AddMessages(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MessageStore>();
        builder.Services.AddSingleton<Posting>();
        builder.Services.AddSingleton<Openings>();
        builder.Services.AddSingleton<LiveRoom>();
        builder.Services.AddSingleton(services => MessageWords.Load(services.GetRequiredService<IStringLocalizer<Texts>>(), services.GetRequiredService<IStringLocalizer<Rooms.Texts>>()));
        builder.Services.AddSingleton<RoomHeads>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RoomHeads>());
        builder.Services.AddSingleton<RoomTails>();
        builder.Services.AddHostedService<Publisher>();
        builder.Services.AddHostedService<TailWatch>();
        if (builder.Configuration["WebChat:Redis"] is { Length: > 0 })
            builder.Services.AddHostedService<RightsWatch>();
        builder.Services.Configure<RazorPagesOptions>(pages => pages.Conventions.AddPageRoute("/Messages/Room", "/rooms/{number:long}/messages"));
    }

    public static void MapMessages(this WebApplication app)
    {
        app.Services.GetRequiredService<RoomTails>().Follow();
        var actions = app.Services.GetRequiredService<LiveActions>();
        var room = app.Services.GetRequiredService<LiveRoom>();
        actions.Add("room", room.OpenAsync);
        actions.Add("read", room.ReadAsync);
    }
}
