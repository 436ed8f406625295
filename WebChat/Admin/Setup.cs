using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Accounts.Proof;
using WebChat.Admin.Announcements;
using WebChat.Admin.Audit;
using WebChat.Admin.Figures;
using WebChat.Admin.Invites;
using WebChat.Admin.Reports;
using WebChat.Admin.Rooms;
using WebChat.Admin.Settings;
using WebChat.Admin.Stickers;
using WebChat.Admin.Users;
using WebChat.Live;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Admin;

internal static class Setup
{
    /// <summary>Other people's letters, codes among them.</summary>
    private const string Mailbox = "/mailbox";

    public static void AddAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OverviewStore>();
        builder.Services.AddSingleton<AdministratorStore>();
        builder.Services.AddSingleton(new Pace(TimeSpan.FromSeconds(5)));
        builder.Services.AddSingleton<Dashboard>();
        builder.Services.AddSingleton<Watchers>();
        builder.Services.AddSingleton<Sampler>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Sampler>());
        if (builder.Configuration["WebChat:Redis"] is { Length: > 0 })
            builder.Services.AddSingleton<OtherNodes, RedisOtherNodes>();
        else
            builder.Services.AddSingleton<OtherNodes>();
        builder.Services.AddSingleton<AuditStore>();
        builder.Services.AddSingleton<AdminUserStore>();
        builder.Services.AddScoped<UserActs>();
        builder.Services.AddSingleton<AdminRoomStore>();
        builder.Services.AddSingleton<LookStore>();
        builder.Services.AddSingleton<RemovalStore>();
        builder.Services.AddSingleton<CaseStore>();
        builder.Services.AddSingleton<PackStore>();
        builder.Services.AddSingleton<AdminInviteStore>();
        builder.Services.AddSingleton<AdminAnnouncementStore>();
        builder.Services.AddSingleton<AdminSettingsStore>();
        builder.Services.AddSingleton<SettingsWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SettingsWatch>());
        builder.Services.Configure<RazorPagesOptions>(pages => pages.Conventions.AddFolderApplicationModelConvention("/", AskForPassword));
    }

    public static void MapAdmin(this WebApplication app)
    {
        var watchers = app.Services.GetRequiredService<Watchers>();
        watchers.Follow(app.Services.GetRequiredService<Sampler>(), app.Services.GetRequiredService<Connections>());
        app.Services.GetRequiredService<OpenReports>().CountAsync = app.Services.GetRequiredService<CaseStore>().CountAsync;
        app.Services.GetRequiredService<LiveActions>().AddForSome("dashboard", watchers.OpenAsync);
    }

    /// <summary>Whatever feature a page below /admin is of, and whoever adds one: it asks for the password again.</summary>
    private static void AskForPassword(PageApplicationModel page)
    {
        var address = $"/{page.ActionDescriptor.AttributeRouteInfo?.Template}";
        if (string.Equals(address, Mailbox, StringComparison.OrdinalIgnoreCase))
            page.Filters.Add(new AsksAdministrators());
        else if (new PathString(address).StartsWithSegments(AdminAddresses.Root, StringComparison.OrdinalIgnoreCase) && !string.Equals(address, ConfirmModel.Address, StringComparison.OrdinalIgnoreCase))
            page.Filters.Add(new AsksForPasswordAttribute(ConfirmModel.Address));
    }
}
