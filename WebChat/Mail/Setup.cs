namespace WebChat.Mail;

internal static class Setup
{
    public static void AddMail(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<MailOptions>().BindConfiguration("WebChat:Mail").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(Shared.KnownSettings.Of<MailOptions>("WebChat:Mail"));
        builder.Services.AddSingleton<Mailbox>();
        builder.Services.AddSingleton<Mailer>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Mailer>());
    }
}
