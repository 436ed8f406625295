using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.WebEncoders;

namespace WebChat.Shared;

internal static class Setup
{
    /// <summary>Where it listens when nothing says so: for this machine alone.</summary>
    internal const string DefaultAddress = "http://localhost:5080";

    private static readonly string[] AddressSettings = ["urls", "http_ports", "https_ports"];

    public static void AddShared(this WebApplicationBuilder builder)
    {
        builder.AddOwnSettings();
        var stored = new StoredSettings();
        builder.Configuration.Sources.Insert(1, stored); // above what comes with the program, below whatever else says something
        builder.Services.AddSingleton(stored);
        builder.Services.AddSingleton<SettingsStore>();
        if (!SaysWhereToListen(builder.Configuration))
            builder.WebHost.UseUrls(DefaultAddress);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddHostedService<Rest>();
        if (builder.Configuration["WebChat:Redis"] is { Length: > 0 })
            builder.Services.AddSingleton<RateLimits, RedisRateLimits>();
        else
            builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddHostedService<SettingNames>();
        builder.Services.AddSingleton(KnownSettings.Of<Limits>("WebChat:Limits"));
        builder.Services.AddSingleton(KnownSettings.Of<HouseRules>("WebChat:House"));
        builder.Services.AddSingleton(new KnownSettings(["WebChat:Data", "WebChat:Storage:Postgres", "WebChat:Redis", "WebChat:RedisPrefix", "WebChat:Keys:Certificate", "WebChat:Keys:Password", "WebChat:TrustedProxies"]));
        if (builder.Configuration[Telemetry.Endpoint] is { Length: > 0 })
            builder.Services.AddHostedService<Telemetry>();
        builder.Services.AddSingleton<Drawings>();
        builder.Services.AddSingleton<Icons>();
        builder.Services.AddSingleton<Modules>();
        builder.Services.AddSingleton<PostAllowance>();
        builder.Services.AddSingleton<Outside>();
        builder.Services.AddSingleton<Fragments>();
        builder.Services.AddOptions<Limits>().BindConfiguration("WebChat:Limits").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<HouseRules>().BindConfiguration("WebChat:House").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<RefusedWords>();
        builder.Services.AddLocalization();
        builder.Services.AddCompression();
        builder.Services.AddRazorPages()
            .WithRazorPagesAtContentRoot()
            .ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new InternalViewComponents()))
            .AddMvcOptions(mvc =>
            {
                // Each form says in its own words what is missing.
                mvc.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
                mvc.ModelMetadataDetailsProviders.Add(new EmptyText());
                // Before the form: no field of it may say that something else is meant than what the address names.
                mvc.ValueProviderFactories.Insert(0, new RouteValueProviderFactory());
                mvc.Filters.Add(new TakesNoPosts());
            });
        builder.Services.Configure<RequestLocalizationOptions>(languages =>
        {
            languages.SetDefaultCulture(Languages.English);
            // Those that cannot be changed: of others each request would get a copy of its own.
            languages.SupportedCultures = languages.SupportedUICultures = [CultureInfo.GetCultureInfo(Languages.English), CultureInfo.GetCultureInfo(Languages.Chinese)];
            languages.RequestCultureProviders = [new Languages()];
        });
        builder.Services.Configure<CookieTempDataProviderOptions>(said => said.Cookie.Name = "webchat-said");
        builder.Services.AddAntiforgery(forms =>
        {
            forms.Cookie.Name = "webchat-form";
            forms.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            forms.HeaderName = "RequestVerificationToken";
            forms.SuppressXFrameOptionsHeader = true; // frame-ancestors says it
        });
        // Everything but markup is written as itself: Chinese pages would triple in size as entities.
        builder.Services.Configure<WebEncoderOptions>(web => web.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        builder.Services.AddHsts(https => https.MaxAge = TimeSpan.FromDays(365));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = HostileInput.MostBytes;
        });
        builder.Services.Configure<RouteOptions>(routes => routes.LowercaseUrls = true);
    }

    /// <summary>The settings that come with the program, wherever it is started from; every other source stands above them.</summary>
    public static void AddOwnSettings(this WebApplicationBuilder builder) =>
        builder.Configuration.Sources.Insert(0, new JsonConfigurationSource { Path = "appsettings.json", FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory), Optional = true });

    /// <summary>True where a variable, an argument or a file names an address, in any of the ways Kestrel knows.</summary>
    internal static bool SaysWhereToListen(IConfiguration settings) =>
        AddressSettings.Any(name => !string.IsNullOrEmpty(settings[name])) || settings.GetSection("Kestrel:Endpoints").GetChildren().Any();

    public static void UseShared(this WebApplication app)
    {
        app.CheckFiles();
        app.UseProxies();
        app.UseSecurityHeaders();
        app.UseCompression();
        app.Use(app.Services.GetRequiredService<Modules>().ServeAsync);
        if (!app.Environment.IsDevelopment())
            app.UseHsts();
        app.UseMiddleware<ErrorPages>();
        app.UseRoutingBehindAdmin(); // here and not before: a failure in it is answered with a page too
        app.UseAuthentication();
        app.UseRequestLocalization();
        app.UseAuthorization();
        app.UseHostileInput();
    }

    public static void MapShared(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorPages().WithStaticAssets();
        app.MapGet("/healthz", () => "ok").AllowAnonymous();
        app.MapGet("/readyz", (Readiness readiness, HttpRequest request) => readiness.AnswerAsync(request)).AllowAnonymous();
    }
}
