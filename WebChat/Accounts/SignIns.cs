using Microsoft.AspNetCore.Identity;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>Checks a sign-in: unknown, wrong and locked cost the same work and say the same.</summary>
internal sealed class SignIns(UserManager<User> users, Lockouts lockouts, KnownDevice device, Nobody nobody)
{
    /// <returns>The user, or null for any reason there is.</returns>
    public async Task<User?> CheckAsync(HttpContext http, string login, string password)
    {
        login = login.Trim();
        var user = login.Contains('@', StringComparison.Ordinal) ? await users.FindByEmailAsync(login) : await users.FindByNameAsync(login);
        var key = user?.AccountKey ?? users.NormalizeName(login);
        // Whoever signed in here before is not locked out by others behind the same address.
        var from = user is null ? http.Address() : device.Find(http, user.Id) ?? http.Address();
        if (password.Length > AccountRules.LongestPassword)
            password = "";
        if (!await lockouts.TryBeginAsync(key, from) || user is null)
        {
            nobody.Check(password);
            return null;
        }
        if (!await users.CheckPasswordAsync(user, password))
            return null;
        await lockouts.SucceededAsync(key, from);
        return user;
    }
}
