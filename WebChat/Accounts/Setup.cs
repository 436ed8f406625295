using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using WebChat.Accounts.Announcements;
using WebChat.Accounts.Exporting;
using WebChat.Accounts.Factors;
using WebChat.Accounts.Invites;
using WebChat.Accounts.Leaving;
using WebChat.Accounts.Proof;
using WebChat.Accounts.Push;
using WebChat.Shared;

namespace WebChat.Accounts;

internal static class Setup
{
    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<NewUsers>();
        services.AddSingleton<Exports>();
        services.AddSingleton<ExportAccount>();
        services.AddSingleton<LeavingUsers>();
        services.AddSingleton<LeavingStore>();
        services.AddSingleton<SiteStore>();
        services.AddSingleton<Site>();
        services.AddSingleton<SiteInviteStore>();
        services.AddSingleton<AnnouncementStore>();
        services.AddSingleton<Board>();
        services.AddSingleton<SessionStore>();
        services.AddHostedService<SessionWatch>();
        services.AddHostedService<SessionSweep>();
        services.AddSingleton<TokenUse>();
        services.AddHostedService(s => s.GetRequiredService<TokenUse>());
        if (builder.Configuration["WebChat:Redis"] is { Length: > 0 })
        {
            services.AddSingleton<Lockouts, RedisLockouts>();
            services.AddSingleton<Codes, RedisCodes>();
        }
        else
        {
            services.AddSingleton<Lockouts>();
            services.AddSingleton<Codes>();
        }
        services.AddOptions<PushOptions>().BindConfiguration(PushOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(Shared.KnownSettings.Of<PushOptions>(PushOptions.Section));
        services.AddSingleton<PushRules>();
        services.AddSingleton<PushStore>();
        services.AddSingleton<PushSender>();
        services.AddHostedService(s => s.GetRequiredService<PushSender>());
        if (builder.Configuration["WebChat:Redis"] is { Length: > 0 })
            services.AddHostedService<OpenPages>();
        services.AddSingleton<KnownDevice>();
        services.AddSingleton<Nobody>();
        services.AddSingleton<Profiles>();
        services.AddScoped<UserStore>();
        services.AddScoped<IUserStore<User>>(s => s.GetRequiredService<UserStore>());
        services.AddScoped<Sessions>();
        services.AddScoped<SignIns>();
        services.AddScoped<CodeFlow>();
        services.AddScoped<AccountMail>();
        services.AddScoped<PasswordProof>();
        services.AddSingleton<TwoStepStore>();
        services.AddSingleton<TwoStep>();
        services.AddScoped<HalfWay>();
        services.AddSingleton<PasskeyStore>();
        services.AddScoped<Passkeys>();
        services.AddScoped<IPasskeyHandler<User>, PasskeyHandler<User>>();
        services.Configure<IdentityPasskeyOptions>(passkeys =>
        {
            passkeys.ResidentKeyRequirement = "required"; // who signs in does not say first who they are
            passkeys.UserVerificationRequirement = "required";
            passkeys.ValidateOrigin = Passkeys.IsOursAsync;
        });
        services.AddScoped<IdentityErrorDescriber, AccountErrors>();
        services.AddScoped<IUserValidator<User>, AccountRules>();
        services.AddScoped<IPasswordValidator<User>, AccountRules>();
        services.AddIdentityCore<User>();
        services.Configure<MvcOptions>(mvc => mvc.Filters.Add<SiteFilter>());

        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = SessionCookie.Name;
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.CookieManager = new SessionCookie();
            cookie.ExpireTimeSpan = SessionStore.Absolute;
            cookie.SlidingExpiration = false; // the row says when a session was last used
            cookie.Events.OnValidatePrincipal = context => context.HttpContext.RequestServices.GetRequiredService<Sessions>().ValidateAsync(context);
            cookie.Events.OnRedirectToLogin = Door.ShowAsync;
            // Who may not see a page gets what an unknown address gets.
            cookie.Events.OnRedirectToAccessDenied = context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            };
        });
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, TokenHandler>(SignedIn.TokenScheme, null);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    public static void MapAccounts(this WebApplication app)
    {
        app.Services.GetRequiredService<Nobody>(); // made now, or the first unknown name would take longer than the next
        app.Services.GetRequiredService<Exports>().Parts.Add(app.Services.GetRequiredService<ExportAccount>().AddAsync);
        app.Services.GetRequiredService<Board>().Follow();
        app.UseFirstRun();
        app.MapGet("/", () => Results.Redirect("/rooms"));
        app.MapGet("/people/{account}/avatar", Avatar.ShowAsync);
        app.MapGet("/logo/{id}", async (string id, SiteStore store, HttpResponse response) =>
            await store.FindLogoAsync(id) is { } logo ? Media.Setup.Show(response, logo, "public, max-age=31536000, immutable") : Results.NotFound()).AllowAnonymous();
    }
}
