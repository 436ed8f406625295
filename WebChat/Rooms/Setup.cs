namespace WebChat.Rooms;

internal static class Setup
{
    public static void AddRooms(this WebApplicationBuilder builder)
    {
    }

    public static void MapRooms(this WebApplication app)
    {
    }
}
