using System.Globalization;
using Microsoft.AspNetCore.Identity;
using WebChat.Accounts.Factors;

namespace WebChat.Accounts;

/// <summary>What Identity's passkey handler asks of the store of users.</summary>
internal sealed partial class UserStore : IUserPasskeyStore<User>
{
    public Task AddOrUpdatePasskeyAsync(User user, UserPasskeyInfo passkey, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Adding and using a passkey differ: PasskeyStore does them.");

    public Task RemovePasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) => passkeys.RemoveAsync(user.Id, PasskeyStore.IdOf(credentialId));

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(User user, CancellationToken cancellationToken) => passkeys.FindAllAsync(user.Id);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) => passkeys.FindAsync(user.Id, credentialId);

    public async Task<User?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await passkeys.FindOwnerAsync(credentialId) is { } owner ? await FindByIdAsync(owner.ToString(CultureInfo.InvariantCulture), cancellationToken) : null;
}
