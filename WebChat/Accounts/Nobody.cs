using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace WebChat.Accounts;

/// <summary>Checks a password that nobody has, for as long as checking somebody's takes.</summary>
internal sealed class Nobody
{
    private readonly User user = new();
    private readonly PasswordHasher<User> hasher;
    private readonly string hash;

    public Nobody(IOptions<PasswordHasherOptions> options)
    {
        hasher = new PasswordHasher<User>(options);
        hash = hasher.HashPassword(user, Guid.NewGuid().ToString());
    }

    public void Check(string password) => hasher.VerifyHashedPassword(user, hash, password);
}
