using Microsoft.Extensions.Options;

namespace WebChat.Live;

internal static class Setup
{
    public static void AddLive(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Connections>();
        builder.Services.AddSingleton<Topics>();
        builder.Services.AddSingleton<LiveActions>();
        builder.Services.AddSingleton<LiveEndpoint>();
        builder.Services.AddHostedService<Ticker>();
        builder.Services.AddHostedService<Leaving>();
        builder.Services.AddOptions<ShutdownOptions>().BindConfiguration("WebChat:Shutdown").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<ShutdownOptions>>((host, shutdown) => host.ShutdownTimeout = TimeSpan.FromSeconds(shutdown.Value.MostSeconds));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxConcurrentUpgradedConnections = null);
    }

    public static void MapLive(this WebApplication app)
    {
        var endpoint = app.Services.GetRequiredService<LiveEndpoint>();
        app.Map("/live", endpoint.RunAsync).AllowAnonymous();
    }
}
