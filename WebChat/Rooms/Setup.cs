using WebChat.Accounts;
using WebChat.Accounts.Leaving;
using WebChat.Contacts;
using WebChat.Presence;

namespace WebChat.Rooms;

internal static class Setup
{
    public static void AddRooms(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RoomFeed>();
        builder.Services.AddSingleton<RoomLog>();
        builder.Services.AddSingleton<Lines>();
        builder.Services.AddSingleton<OpenReports>();
        builder.Services.AddSingleton<RoomRows>();
        builder.Services.AddSingleton<ListSnapshot>();
        builder.Services.AddSingleton<RoomNotes>();
        builder.Services.AddSingleton<RoomStore>();
        builder.Services.AddScoped<OwnRooms>();
        builder.Services.AddSingleton<MemberStore>();
        builder.Services.AddSingleton<MemberDeedStore>();
        builder.Services.AddSingleton<RequestStore>();
        builder.Services.AddSingleton<InviteStore>();
        builder.Services.AddSingleton<MemberLists>();
        builder.Services.AddSingleton<MemberDeeds>();
        builder.Services.AddSingleton<ReadStore>();
        builder.Services.AddSingleton<DepartureStore>();
        builder.Services.AddSingleton<DirectRooms>();
        builder.Services.AddSingleton<Groups>();
    }

    public static void MapRooms(this WebApplication app)
    {
        var services = app.Services;
        services.GetRequiredService<NewUsers>().Joined.Add(Lobby.JoinAsync);
        services.GetRequiredService<LeavingUsers>().Left.Add(services.GetRequiredService<DepartureStore>().LeaveAsync);
        services.GetRequiredService<Typing>().MayWriteAsync = services.GetRequiredService<MemberStore>().MayPostAsync;
        services.GetRequiredService<ListSnapshot>().Follow();
        services.GetRequiredService<DirectRooms>().Follow(services.GetRequiredService<ContactHooks>());
    }
}
