using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Live;

internal static class Setup
{
    public static void AddLive(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["WebChat:Redis"] is { Length: > 0 })
        {
            builder.Services.AddSingleton<Nodes, RedisNodes>();
            builder.Services.AddSingleton<RedisRoster>();
            builder.Services.AddSingleton<Roster>(services => services.GetRequiredService<RedisRoster>());
            builder.Services.AddHostedService<RosterKeeper>();
        }
        else
        {
            builder.Services.AddSingleton<Nodes, OneNode>();
            builder.Services.AddSingleton<Roster>();
        }
        builder.Services.AddSingleton<Relay>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Relay>());
        builder.Services.AddSingleton<Connections>();
        builder.Services.AddSingleton<Topics>();
        builder.Services.AddSingleton<LiveActions>();
        builder.Services.AddSingleton<LiveEndpoint>();
        builder.Services.AddHostedService<Ticker>();
        builder.Services.AddHostedService<Leaving>();
        builder.Services.AddOptions<ShutdownOptions>().BindConfiguration("WebChat:Shutdown").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(KnownSettings.Of<ShutdownOptions>("WebChat:Shutdown"));
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<ShutdownOptions>>((host, shutdown) => host.ShutdownTimeout = TimeSpan.FromSeconds(shutdown.Value.MostSeconds));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxConcurrentUpgradedConnections = null;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(Takeover.Around));
        });
    }

    public static void MapLive(this WebApplication app)
    {
        var endpoint = app.Services.GetRequiredService<LiveEndpoint>();
        var connections = app.Services.GetRequiredService<Connections>();
        var topics = app.Services.GetRequiredService<Topics>();
        Meters.Observe("webchat.connections", () => connections.All.LongCount());
        Meters.Observe("webchat.topics", () => topics.Count);
        app.Map("/live", endpoint.RunAsync).AllowAnonymous();
    }
}
