namespace WebChat.Mail;

internal static class Setup
{
    public static void AddMail(this WebApplicationBuilder builder)
    {
    }

    public static void MapMail(this WebApplication app)
    {
    }
}
