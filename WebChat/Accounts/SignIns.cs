using Microsoft.AspNetCore.Identity;

namespace WebChat.Accounts;

/// <summary>Checks a sign-in: unknown, wrong and locked cost the same work and say the same.</summary>
internal sealed class SignIns(UserManager<User> users, Lockouts lockouts, IPasswordHasher<User> hasher)
{
    private static readonly User Nobody = new();

    private static string? nobodysHash;

    /// <returns>The user, or null for any reason there is.</returns>
    public async Task<User?> CheckAsync(string login, string password, string address)
    {
        login = login.Trim();
        var key = users.NormalizeName(login);
        var user = login.Contains('@', StringComparison.Ordinal) ? await users.FindByEmailAsync(login) : await users.FindByNameAsync(login);
        if (user is not null)
            key = user.AccountKey;
        if (password.Length > AccountRules.LongestPassword)
            password = "";
        if (user is null || lockouts.IsLocked(key, address))
        {
            nobodysHash ??= hasher.HashPassword(Nobody, "nobody");
            hasher.VerifyHashedPassword(Nobody, nobodysHash, password);
            lockouts.Failed(key, address);
            return null;
        }
        if (!await users.CheckPasswordAsync(user, password))
        {
            lockouts.Failed(key, address);
            return null;
        }
        lockouts.Succeeded(key, address);
        return user;
    }
}
