using Microsoft.Extensions.Localization;
using WebChat.Mail;

namespace WebChat.Accounts;

/// <summary>
/// Tells the owner of an account by mail what was changed about it, and what to do if it was somebody else. Like all mail of ours it holds no
/// link: nobody shall learn to follow one.
/// </summary>
internal sealed class AccountMail(Mailer mailer, Site site, IStringLocalizer<Texts> text)
{
    public async Task TellAsync(string email, string happened)
    {
        var name = await site.NameAsync();
        await mailer.PostAsync(new Letter
        {
            To = email,
            Subject = text["Your account at {0}", name],
            Text = happened + "\n\n" + text["If it was not you, somebody else can get at your account. Sign in to {0}, change your password, sign out everywhere else, and look at what else has changed. If you cannot sign in, tell its administrator.", name],
            Sender = name,
        });
    }
}
