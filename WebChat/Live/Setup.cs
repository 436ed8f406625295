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
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxConcurrentUpgradedConnections = null);
    }

    public static void MapLive(this WebApplication app)
    {
        var endpoint = app.Services.GetRequiredService<LiveEndpoint>();
        app.Map("/live", endpoint.RunAsync).AllowAnonymous();
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<Connections>().CloseAll);
    }
}
