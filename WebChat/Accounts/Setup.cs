namespace WebChat.Accounts;

internal static class Setup
{
    public static void AddAccounts(this WebApplicationBuilder builder)
    {
    }

    public static void MapAccounts(this WebApplication app)
    {
    }
}
