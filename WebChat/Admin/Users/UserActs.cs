using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;
using WebChat.Accounts;
using WebChat.Live;
using WebChat.Mail;

namespace WebChat.Admin.Users;

/// <summary>What administrators do to a person, with what follows from it: open pages and programs end at every node, and a mail goes out.</summary>
internal sealed class UserActs(AdminUserStore store, Connections connections, IPasswordHasher<User> hasher, Mailer mailer, Site site, IStringLocalizer<Texts> text)
{
    /// <param name="act">What.</param>
    /// <param name="actorId">Who does it.</param>
    /// <param name="account">To whom.</param>
    /// <param name="isAll">Of a reset: the second step and the passkeys go with the password.</param>
    public async Task<Acted> DoAsync(UserAct act, long actorId, string account, bool isAll = false)
    {
        var (outcome, user) = await (act switch
        {
            UserAct.Disable => store.DisableAsync(actorId, account),
            UserAct.Enable => store.EnableAsync(actorId, account),
            UserAct.Promote => store.PromoteAsync(actorId, account),
            UserAct.Demote => store.DemoteAsync(actorId, account),
            UserAct.SignOut => store.SignOutAsync(actorId, account),
            _ => store.ResetAsync(actorId, account, hasher.HashPassword(new User(), RandomNumberGenerator.GetHexString(64)), isAll),
        });
        if (outcome == Acted.Done && act is UserAct.Disable or UserAct.SignOut or UserAct.Reset)
            connections.EndUser(user!.Id);
        if (outcome == Acted.Done && act is UserAct.Reset)
            await TellAsync(user!.Email, account, isAll);
        return outcome;
    }

    /// <summary>No code goes with it: a code is bound to the browser that asks for it, and this mail was asked for by another.</summary>
    private async Task TellAsync(string email, string account, bool isAll)
    {
        var name = await site.NameAsync();
        await mailer.PostAsync(new Letter
        {
            To = email,
            Subject = text["Set a new password at {0}", name],
            Text = isAll
                ? text["An administrator of {0} has reset the password of your account {1} and removed its second step and passkeys, and all your devices were signed out.\n\nTo set a new one, open the sign-in page of {0}, choose \"Forgotten password\", and ask for a code to this address.", name, account]
                : text["An administrator of {0} has reset the password of your account {1}, and all your devices were signed out.\n\nTo set a new one, open the sign-in page of {0}, choose \"Forgotten password\", and ask for a code to this address.", name, account],
            Sender = name,
        });
    }
}

/// <summary>What can be done to a person.</summary>
internal enum UserAct
{
    Disable,
    Enable,
    Promote,
    Demote,
    SignOut,
    Reset,
}
