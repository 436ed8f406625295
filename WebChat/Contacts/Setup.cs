namespace WebChat.Contacts;

internal static class Setup
{
    public static void AddContacts(this WebApplicationBuilder builder)
    {
    }

    public static void MapContacts(this WebApplication app)
    {
    }
}
