namespace WebChat.Contacts;

internal static class Setup
{
    public static void AddContacts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ContactHooks>();
        builder.Services.AddSingleton<ContactStore>();
        builder.Services.AddSingleton<Friendships>();
    }
}
