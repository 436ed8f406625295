using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Live;

internal static class Setup
{
    private const string LivePath = "/live";

    /// <summary>Enough to keep a database busy that takes a moment to answer, and so few that what else is to be done comes in between.</summary>
    private const int MostHandshakes = 8;

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

    /// <summary>Before anything else is asked of who comes to <c>/live</c>: so many handshakes are under way at a time.</summary>
    public static void UseLive(this WebApplication app)
    {
        var handshakes = new Turns(MostHandshakes, app.Services.GetRequiredService<TimeProvider>());
        app.Use(async (http, next) =>
        {
            if (!http.Request.Path.Equals(LivePath, StringComparison.OrdinalIgnoreCase))
            {
                await next(http);
                return;
            }
            try
            {
                http.Features.Set(await handshakes.TakeAsync(http.RequestAborted));
            }
            catch (OperationCanceledException)
            {
                return; // nobody waits for it any more
            }
            using var turn = http.Features.Get<Turn>();
            await next(http);
        });
    }

    public static void MapLive(this WebApplication app)
    {
        var endpoint = app.Services.GetRequiredService<LiveEndpoint>();
        var connections = app.Services.GetRequiredService<Connections>();
        var topics = app.Services.GetRequiredService<Topics>();
        Meters.Observe("webchat.connections", () => connections.All.LongCount());
        Meters.Observe("webchat.topics", () => topics.Count);
        app.Map(LivePath, endpoint.RunAsync).AllowAnonymous();
    }
}
