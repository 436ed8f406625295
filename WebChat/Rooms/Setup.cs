namespace WebChat.Rooms;

internal static class Setup
{
    public static void AddRooms(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RoomFeed>();
        builder.Services.AddSingleton<RoomStore>();
    }

    public static void MapRooms(this WebApplication app)
    {
    }
}
