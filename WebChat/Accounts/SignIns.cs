using Microsoft.AspNetCore.Identity;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>What came of a sign-in.</summary>
/// <param name="User">Who may go on; null for any reason there is.</param>
/// <param name="IsDisabled">The password is theirs, and an administrator keeps them out.</param>
internal readonly record struct Checked(User? User, bool IsDisabled = false);

/// <summary>Checks a sign-in: unknown, wrong and locked cost the same work and say the same. Who is disabled is told so by their password alone.</summary>
internal sealed class SignIns(UserManager<User> users, Lockouts lockouts, KnownDevice device, Nobody nobody)
{
    public async Task<Checked> CheckAsync(HttpContext http, string login, string password)
    {
        var user = await FindAsync(login.Trim()) is { IsBot: false } person ? person : null; // a bot is as unknown as a name that nobody has
        // All names that nobody has are one: what is made up takes no memory.
        var key = user?.AccountKey ?? "";
        // Whoever signed in here before is not locked out by others behind the same address.
        var known = user is null ? null : device.Find(http, user.Id);
        var from = known ?? http.Address();
        if (password.Length > AccountRules.LongestPassword)
            password = "";
        if (!await lockouts.TryBeginAsync(key, from) || (known is not null && !await lockouts.TryBeginAsync(key, Devices(http))) || user is null)
        {
            nobody.Check(password);
            return default;
        }
        if (!await users.CheckPasswordAsync(user, password))
            return default;
        await lockouts.SucceededAsync(key, from);
        if (known is not null)
            await lockouts.SucceededAsync(key, Devices(http));
        return user.DisabledAt is null ? new Checked(user) : new Checked(null, IsDisabled: true);
    }

    private Task<User?> FindAsync(string login) =>
        login.Length > AccountRules.LongestEmail ? Task.FromResult<User?>(null)
        : login.Contains('@', StringComparison.Ordinal) ? users.FindByEmailAsync(login) : users.FindByNameAsync(login);

    /// <summary>
    /// The known devices of one address together: whoever could write their cookies, with keys out of a lost backup, has no more tries than
    /// somebody unknown.
    /// </summary>
    private static string Devices(HttpContext http) => $"known at {http.Address()}";
}
