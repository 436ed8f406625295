using WebChat.Accounts.Exporting;
using WebChat.Accounts.Leaving;
using WebChat.Contacts.Reporting;

namespace WebChat.Contacts;

internal static class Setup
{
    public static void AddContacts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ContactHooks>();
        builder.Services.AddSingleton<ContactStore>();
        builder.Services.AddSingleton<PersonRows>();
        builder.Services.AddSingleton<Friendships>();
        builder.Services.AddSingleton<LeavingContacts>();
        builder.Services.AddSingleton<ExportContactsStore>();
        builder.Services.AddSingleton<ReportStore>();
        builder.Services.AddSingleton<ReportForm>();
    }

    public static void MapContacts(this WebApplication app)
    {
        app.Services.GetRequiredService<LeavingUsers>().Left.Add(app.Services.GetRequiredService<LeavingContacts>().LeaveAsync);
        app.Services.GetRequiredService<Exports>().Parts.Add(app.Services.GetRequiredService<ExportContactsStore>().AddAsync);
    }
}
